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

    private string[] _mounts = [];

    internal ContainerEngine Engine { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await BaseImages.MakeAsync(Engine);

        // Said at once and clearly, not by a build that fails after minutes.
        var (exitCode, output) = await Engine.TryConfinedAsync(["--entrypoint", "dotnet"], Dockerfile.Final.Image, ["--list-runtimes"]);
        Assert.True(exitCode == 0, $"Podman cannot run containers on this machine, so the image cannot be tried. It needs root, runc, and control groups that it may write:\n{output}");

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

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    // Docker's format, as OCI's has no health check.
    private Task<string> BuildAsync(params string[] options) =>
        Engine.RunAsync(["build", "--pull=never", "--format", "docker", "--layers", "--isolation", "chroot", "--network", "host", .. _mounts, .. options, Repository.Root]);
}
