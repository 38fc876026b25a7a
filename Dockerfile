# docker build -t multiswarm-coordinator .
FROM eclipse-temurin:17-jdk AS build
WORKDIR /build
COPY . .
RUN apt-get update -q && apt-get install -q -y --no-install-recommends unzip \
    && ./mvnw -B -ntp -q -Pdist -DskipTests -pl coordinator-server -am package \
    && mkdir /package && tar -xzf coordinator-server/target/coordinator-*.tar.gz -C /package --strip-components=1

FROM debian:bookworm-slim
COPY --from=build /package /opt/coordinator
RUN useradd --system --uid 10001 --home-dir /var/lib/coordinator --create-home --shell /usr/sbin/nologin coordinator \
    && ln -s /opt/coordinator/bin/coordinator /usr/local/bin/coordinator
USER 10001:10001
WORKDIR /var/lib/coordinator
VOLUME /var/lib/coordinator
# Beyond loopback it starts with tokens, or INSECURE=true; REDIS_URL names a Redis, else it runs one in the volume.
ENV HOST=0.0.0.0 DATA_DIR=/var/lib/coordinator
EXPOSE 8080
# Without TLS; with it, give a HEALTHCHECK of your own.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8080} && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/coordinator/bin/coordinator"]
