"""A compiled network behind its C ABI (native/abi/incept.h), by ctypes and numpy alone."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64
from ctypes import c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

import numpy as np

ABI_VERSION = 6
GUARD = 64
"""Floats before and after every output, which no run may touch."""


class InceptError(Exception):
    """What the ABI refused, with its code (`cuda/no-driver`) and sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Port:
    """An input, output or parameter; the shape leaves the batch out."""

    name: str
    shape: tuple[int, ...]
    count: int


class _Port(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("shape", POINTER(c_int64)),
        ("rank", c_int32),
        ("count", c_int64),
        ("dtype", c_int32),
    ]


class _Info(ctypes.Structure):
    _fields_ = [
        ("abi_version", c_int32),
        ("model", c_char_p),
        ("target", c_char_p),
        ("max_batch", c_int64),
        ("inputs", POINTER(_Port)),
        ("input_count", c_size_t),
        ("outputs", POINTER(_Port)),
        ("output_count", c_size_t),
        ("parameters", POINTER(_Port)),
        ("parameter_count", c_size_t),
        ("arena_bytes", c_uint64),
        ("weight_bytes", c_uint64),
        ("levels", c_char_p),
        ("work", c_double),
    ]


class _Tensor(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("data", c_void_p), ("count", c_int64)]


class Network:
    """A loaded library."""

    def __init__(self, file: Path) -> None:
        self._abi = ctypes.CDLL(str(file), mode=ctypes.RTLD_LOCAL)
        self._declare()
        info = self._abi.incept_describe().contents
        if info.abi_version != ABI_VERSION:
            raise InceptError("abi/version", f"{file.name} has version {info.abi_version}")
        self.model = info.model.decode()
        self.target = info.target.decode()
        self.max_batch = int(info.max_batch)
        self.inputs = _ports(info.inputs, info.input_count)
        self.outputs = _ports(info.outputs, info.output_count)
        self.parameters = _ports(info.parameters, info.parameter_count)
        self.arena_bytes = int(info.arena_bytes)
        self.weight_bytes = int(info.weight_bytes)

    def probe(self) -> None:
        """InceptError with a named reason where this machine cannot run the network."""
        self.check(self._abi.incept_probe(None))

    def load(self, weights: Mapping[str, np.ndarray]) -> "Session":
        """
        A session on the first GPU, over a model of its own: dense f32 tensors by parameter, of
        which the library keeps a copy.
        """
        dense = {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()}
        tensors = (_Tensor * max(1, len(dense)))(
            *(
                _Tensor(name.encode(), value.ctypes.data, value.size)
                for name, value in dense.items()
            )
        )
        model, session = c_void_p(), c_void_p()
        self.check(self._abi.incept_model_create(tensors, len(dense), byref(model)))
        try:
            self.check(self._abi.incept_session_create(model, None, byref(session)))
        finally:
            self._abi.incept_model_destroy(model)
        return Session(self, session)

    def verify(self, batch: int) -> int:
        """
        How many descriptions of layers, in all ways to ask for each, the vendor's libraries
        accepted; needs no GPU.
        """
        count = c_size_t()
        self.check(self._abi.incept_verify(batch, byref(count)))
        return int(count.value)

    def check(self, status: int) -> None:
        if status == 0:
            return
        code, sentence = self._abi.incept_last_error_code(), self._abi.incept_last_error()
        raise InceptError((code or b"").decode(), (sentence or b"").decode())

    def _declare(self) -> None:
        abi = self._abi
        status, tensors = c_int32, POINTER(_Tensor)
        for name, result, arguments in [
            ("incept_describe", POINTER(_Info), []),
            ("incept_probe", status, [c_void_p]),
            ("incept_model_create", status, [tensors, c_size_t, POINTER(c_void_p)]),
            ("incept_model_destroy", None, [c_void_p]),
            ("incept_session_create", status, [c_void_p, c_void_p, POINTER(c_void_p)]),
            ("incept_session_destroy", None, [c_void_p]),
            ("incept_run", status, [c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p)]),
            ("incept_time", status, [c_void_p, c_int64, c_int32, POINTER(c_double)]),
            ("incept_report", c_char_p, [c_void_p]),
            ("incept_verify", status, [c_int64, POINTER(c_size_t)]),
            ("incept_last_error_code", c_char_p, []),
            ("incept_last_error", c_char_p, []),
        ]:
            function = getattr(abi, name)
            function.restype, function.argtypes = result, arguments


class Session:
    """A network on its device; a context manager."""

    def __init__(self, network: Network, pointer: c_void_p) -> None:
        self.network = network
        self._abi = network._abi
        self._pointer = pointer

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._abi.incept_session_destroy(self._pointer)
        self._pointer = c_void_p()

    def run(self, inputs: list[np.ndarray]) -> dict[str, np.ndarray]:
        """
        Runs a batch: f32 arrays [batch, *shape] in the order of the inputs, outputs likewise by
        name. Outputs are poisoned with NaN before; ValueError where the run wrote outside them.
        """
        batch = len(inputs[0])
        poisoned = [
            np.full(2 * GUARD + batch * port.count, np.nan, np.float32)
            for port in self.network.outputs
        ]
        self.run_into(inputs, [each[GUARD:] for each in poisoned])
        for port, each in zip(self.network.outputs, poisoned):
            if not (np.isnan(each[:GUARD]).all() and np.isnan(each[-GUARD:]).all()):
                raise ValueError(f"the run wrote outside of {port.name}")
        return {
            port.name: each[GUARD:-GUARD].reshape(batch, *port.shape)
            for port, each in zip(self.network.outputs, poisoned)
        }

    def run_into(self, inputs: list[np.ndarray], outputs: list[np.ndarray]) -> None:
        """Runs a batch into arrays that are there: dense f32."""
        dense = [np.ascontiguousarray(each, np.float32) for each in inputs]
        self._check(
            self._abi.incept_run(self._pointer, len(dense[0]), _pointers(dense), _pointers(outputs))
        )

    def time(self, batch: int, runs: int) -> float:
        """Milliseconds of one replay on the device, the mean of `runs`; no copies to the host."""
        milliseconds = c_double()
        self._check(self._abi.incept_time(self._pointer, batch, runs, byref(milliseconds)))
        return float(milliseconds.value)

    def report(self) -> list[str]:
        """The device, then `batch N, STEP: how it is computed`, a line each."""
        return (self._abi.incept_report(self._pointer) or b"").decode().splitlines()

    def _check(self, status: int) -> None:
        self.network.check(status)


def _ports(first: "ctypes._Pointer[_Port]", count: int) -> list[Port]:
    ports = [first[i] for i in range(count)]
    return [
        Port(each.name.decode(), tuple(each.shape[: each.rank]), int(each.count)) for each in ports
    ]


def _pointers(arrays: list[np.ndarray]) -> "ctypes.Array[c_void_p]":
    return (c_void_p * len(arrays))(*(each.ctypes.data for each in arrays))
