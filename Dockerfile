# GPU image: vLLM's official one with Candor's service on top.
#   docker build -t candor .
#   docker run --gpus all -p 8000:8000 -v candor-data:/data candor
#   docker run -p 8501:8501 -v candor-data:/data candor app --db /data/candor.duckdb --host 0.0.0.0
#   docker run --gpus all -v candor-data:/data candor run MODEL --db /data/candor.duckdb
FROM vllm/vllm-openai:v0.33.0

ENV PYTHONUNBUFFERED=1 \
    HF_HOME=/data/huggingface

WORKDIR /opt/candor
COPY pyproject.toml constraints.txt README.md ./
COPY benchmark benchmark
COPY candor candor
COPY languages languages
COPY pages pages
COPY server server
COPY app.py ./
# The image brings vLLM and torch; their versions stay as they are.
RUN python3 -m pip install --no-cache-dir -e . \
    && useradd --create-home --uid 10001 candor \
    && mkdir -p /data && chown candor:candor /data

USER candor
VOLUME /data
EXPOSE 8000 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"
ENTRYPOINT ["candor"]
CMD ["serve", "--data", "/data", "--host", "0.0.0.0", "--port", "8000"]
