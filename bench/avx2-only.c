/*
 * Has the programs of a process tree find a processor that has AVX2 and nothing wider, so that
 * engines which choose their kernels when they are loaded are compared on AVX2:
 *
 *     cc -O2 -fPIC -shared -o build/avx2-only.so bench/avx2-only.c
 *     LD_PRELOAD=$PWD/build/avx2-only.so npx inceptc bench SPEC --cpu avx2 --vs onnxruntime
 *
 * Linux lets a thread ask that its CPUID instructions fault (arch_prctl(2), where the processor
 * can: "cpuid_fault" in /proc/cpuinfo). The handler carries them out and clears the bits of AVX-512
 * and AMX (Intel SDM, volume 2, CPUID, leaf 7). Threads begin as the one that started them was.
 * Node and g++ set handlers of their own when they begin: that of SIGSEGV stays ours, which passes
 * on what is not.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { kSetCpuid = 0x1012 }; /* ARCH_SET_CPUID */

static const unsigned kLeaf7Ebx =
    1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31;
static const unsigned kLeaf7Ecx = 1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14;
static const unsigned kLeaf7Edx =
    1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25;
static const unsigned kLeaf7Sub1Eax = 1u << 5 | 1u << 21; /* AVX512_BF16, AMX_FP16 */

typedef int Sigaction(int, const struct sigaction*, struct sigaction*);

static struct sigaction theirs; /* What the program would have for SIGSEGV. */

static Sigaction* real_sigaction(void) {
  static Sigaction* real;
  if (!real) real = (Sigaction*)dlsym(RTLD_NEXT, "sigaction");
  return real;
}

int sigaction(int signal, const struct sigaction* act, struct sigaction* old) {
  if (signal != SIGSEGV) return real_sigaction()(signal, act, old);
  if (old) *old = theirs;
  if (act) theirs = *act;
  return 0;
}

static long let_cpuid(long may) {
  return syscall(SYS_arch_prctl, kSetCpuid, may);
}

void (*signal(int number, void (*handler)(int)))(int) {
  struct sigaction act = {.sa_flags = SA_RESTART}, old = {0};
  act.sa_handler = handler;
  return sigaction(number, &act, &old) == 0 ? old.sa_handler : SIG_ERR;
}

static void faulted(int signal, siginfo_t* info, void* context) {
  greg_t* const r = ((ucontext_t*)context)->uc_mcontext.gregs;
  const unsigned char* const at = (const unsigned char*)r[REG_RIP];
  if (info->si_code != SI_KERNEL || at[0] != 0x0f || at[1] != 0xa2) {
    real_sigaction()(signal, &theirs, NULL); /* It happens again, to whoever it was meant for. */
    return;
  }
  const unsigned leaf = (unsigned)r[REG_RAX], sub = (unsigned)r[REG_RCX];
  unsigned a, b, c, d;
  let_cpuid(1);
  __cpuid_count(leaf, sub, a, b, c, d);
  let_cpuid(0);
  if (leaf == 7 && sub == 0) {
    b &= ~kLeaf7Ebx;
    c &= ~kLeaf7Ecx;
    d &= ~kLeaf7Edx;
  }
  if (leaf == 7 && sub == 1) a &= ~kLeaf7Sub1Eax;
  r[REG_RAX] = a, r[REG_RBX] = b, r[REG_RCX] = c, r[REG_RDX] = d;
  r[REG_RIP] += 2;
}

__attribute__((constructor)) static void hide(void) {
  struct sigaction ours = {.sa_flags = SA_SIGINFO | SA_NODEFER};
  ours.sa_sigaction = faulted;
  real_sigaction()(SIGSEGV, &ours, &theirs);
  if (let_cpuid(0) == 0) return;
  /* Figures of AVX-512 would be taken for those of AVX2. */
  fputs("avx2-only.so: this processor or kernel does not let CPUID fault.\n", stderr);
  _exit(70);
}
