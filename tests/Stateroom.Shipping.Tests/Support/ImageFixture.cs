using Xunit.Sdk;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>
/// The image that the engine makes of the Dockerfile as it stands, and the stage of it that builds. What .NET's images hold besides .NET is not theirs: see
/// <see cref="BaseImages"/>.
/// </summary>
public sealed class ImageFixture : IAsyncLifetime
{
    /// <summary>The image.</summary>
    internal const string Name = "localhost/stateroom";

    /// <summary>The stage in which the program was built, with its sources.</summary>
    internal const string Builder = "localhost/stateroom-builder";

    private readonly ContainerEngine _engine = new();
    private string[] _mounts = [];
    private string? _obstacle;

    /// <summary>The engine, with the image. On a machine that lets no container run, whoever asks for it is skipped and says why.</summary>
    internal ContainerEngine Engine
    {
        get
        {
            Assert.SkipWhen(_obstacle is not null, _obstacle ?? "");
            return _engine;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _obstacle = await FindObstacleAsync();
        if (_obstacle is not null)
        {
            return;
        }

        _mounts = await BaseImages.MountsAsync();
        await BuildAsync("--target", Dockerfile.Stages[0].Name!, "--tag", Builder);
        await BuildAsync("--tag", Name);
    }

    /// <summary>Runs a command where the program was built.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="target">A folder of the container's.</param>
    /// <param name="folder">What of this machine it is.</param>
    internal Task<string> RunInBuilderAsync(string[] command, string target, string folder) =>
        Engine.RunContainerAsync([.. _mounts, "--volume", $"{folder}:{target}"], Builder, command);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>Makes the base images and starts the smaller one. What goes wrong from there on is a fault of ours.</summary>
    private async Task<string?> FindObstacleAsync()
    {
        try
        {
            await BaseImages.MakeAsync(_engine);
            await _engine.RunConfinedAsync(["--entrypoint", "dotnet"], Dockerfile.Final.Image, ["--list-runtimes"]);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or IAssertionException)
        {
            return $"Podman runs no container on this machine. It needs root, runc, and control groups that it may write. {e.Message}";
        }
    }

    // Docker's format, as OCI's has no health check.
    private Task<string> BuildAsync(params string[] options) =>
        Engine.RunAsync(["build", "--pull=never", "--format", "docker", "--layers", "--isolation", "chroot", "--network", "host", .. _mounts, .. options, Repository.Root]);
}
