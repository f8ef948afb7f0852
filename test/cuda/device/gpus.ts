/**
 * GPUs that are not there, in the text by which cuDNN keeps a device's properties: enough for it to
 * choose engines and plan with them as it would on one. A newer cuDNN may ask for more; its log
 * (CUDNN_LOGLEVEL_DBG=1 CUDNN_LOGDEST_DBG=stderr) then names the property.
 */
const common = {
  maxGridSize: [2147483647, 65535, 65535],
  maxBlockSize: [1024, 1024, 64],
  regsPerBlock: 65536,
  warpSize: 32,
  maxSharedMemoryPerBlock: 49152,
  reservedSharedMemoryPerBlock: 1024,
  maxRegistersPerSM: 65536,
  maxThreadsPerBlock: 1024,
  pciDeviceId: 0,
  isTccDriver: 0,
  supportCoopLaunch: 1,
  cudaDeviceId: 0,
  driverVer: 13000,
};

export const gpus: Readonly<Record<string, object>> = {
  A100: {
    ...common,
    deviceName: "NVIDIA A100-SXM4-80GB",
    deviceVer: 800,
    multiProcessorCount: 108,
    maxSharedMemoryPerBlockOptin: 166912,
    maxCtasPerSM: 32,
    maxThreadsPerSM: 2048,
    l2CacheSize: 41943040,
    smClockRateKHz: 1410000,
    memClockRateKHz: 1593000,
    totalGlobalMem: 85_000_000_000,
  },
  H100: {
    ...common,
    deviceName: "NVIDIA H100 80GB HBM3",
    deviceVer: 900,
    multiProcessorCount: 132,
    maxSharedMemoryPerBlockOptin: 232448,
    maxCtasPerSM: 32,
    maxThreadsPerSM: 2048,
    l2CacheSize: 52428800,
    smClockRateKHz: 1980000,
    memClockRateKHz: 2619000,
    totalGlobalMem: 85_000_000_000,
  },
  "RTX 5090": {
    ...common,
    deviceName: "NVIDIA GeForce RTX 5090",
    deviceVer: 1200,
    multiProcessorCount: 170,
    maxSharedMemoryPerBlockOptin: 101376,
    maxCtasPerSM: 24,
    maxThreadsPerSM: 1536,
    l2CacheSize: 100663296,
    smClockRateKHz: 2407000,
    memClockRateKHz: 14001000,
    totalGlobalMem: 33_700_000_000,
  },
};
