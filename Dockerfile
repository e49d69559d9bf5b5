# The weather server as an image without a shell, for a user who is not root and a root file system that is read only.
#
#   docker build -t stateroom .
#   docker run --read-only --cap-drop ALL -p 127.0.0.1:8080:8080 --env-file stateroom.env stateroom
#
# What belongs into the environment stands in docs/deploy.md.

# Where the images of .NET lie; a mirror of one's own is named with --build-arg DOTNET=…
ARG DOTNET=mcr.microsoft.com/dotnet

FROM --platform=$BUILDPLATFORM ${DOTNET}/sdk:10.0-noble AS build
ARG TARGETARCH
WORKDIR /source

# First what decides on the packages, so that they are fetched anew only when it changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Directory.Build.props src/
COPY src/Stateroom/Stateroom.csproj src/Stateroom/
COPY src/Stateroom.AspNetCore/Stateroom.AspNetCore.csproj src/Stateroom.AspNetCore/
COPY src/Stateroom.Redis/Stateroom.Redis.csproj src/Stateroom.Redis/
COPY src/Stateroom.Server/Stateroom.Server.csproj src/Stateroom.Server/
# BuildKit names the processor. A builder that does not (Podman 4) builds for its own.
RUN dotnet restore src/Stateroom.Server --arch ${TARGETARCH:-$(dpkg --print-architecture)}

# Compiled for the processor on which it will run, from whichever it is built on. Analyzers have had their say in the tests.
COPY src src
RUN dotnet publish src/Stateroom.Server --no-restore --arch ${TARGETARCH:-$(dpkg --print-architecture)} --configuration Release --output /app -p:UseAppHost=false -p:RunAnalyzers=false

FROM ${DOTNET}/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .

# The diagnostics port of .NET would want to write into /tmp. Nothing else is written anywhere.
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080

# The user `app` of the image, by number, so that an orchestrator can see that it is not root.
USER 1654

# A process of its own asks, which takes half a second, and several on a machine that is busy.
HEALTHCHECK --interval=10s --timeout=15s --start-period=30s --retries=3 CMD ["dotnet", "Stateroom.Server.dll", "probe"]
ENTRYPOINT ["dotnet", "Stateroom.Server.dll"]
