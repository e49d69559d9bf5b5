using System.ComponentModel;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>
/// Podman with a store of its own in a folder, which neither sees nor changes what the machine has, and of which nothing is left. Its containers use the machine's
/// network, so no bridge and no rule of a firewall is made for them.
/// </summary>
internal sealed class ContainerEngine : IAsyncDisposable
{
    /// <summary>What a container of the server is run with: it may write nowhere, not even into the /tmp that Podman would add, and has no capability.</summary>
    private static readonly string[] _confined =
        ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

    /// <summary>Limits that are named are not above those of this machine, which Podman's own may be.</summary>
    private static readonly string[] _always =
        ["--rm", "--pull", "never", "--network", "host", "--http-proxy=false", "--log-driver", "none", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"];

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Runs a command of the engine to its end, which must be a good one.</summary>
    public async Task<string> RunAsync(params IEnumerable<string> command)
    {
        var all = command.ToList();
        var (exitCode, output) = await TryAsync(all);
        Assert.True(exitCode == 0, $"podman {string.Join(' ', all)} ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Runs a command of the engine to its end, whichever that is.</summary>
    public async Task<(int ExitCode, string Output)> TryAsync(params IEnumerable<string> command)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_limit);
        await using var process = Start(command);
        try
        {
            await process.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"podman did not end within {_limit}:\n{process.Output}");
        }

        return (process.ExitCode, process.Output);
    }

    /// <summary>Runs a container to its end, which must be a good one.</summary>
    public Task<string> RunConfinedAsync(IEnumerable<string> options, string image, IEnumerable<string> arguments) =>
        RunAsync(["run", .. _always, .. _confined, .. options, image, .. arguments]);

    /// <summary>Runs a container to its end, whichever that is.</summary>
    public Task<(int ExitCode, string Output)> TryConfinedAsync(IEnumerable<string> options, string image, IEnumerable<string> arguments) =>
        TryAsync(["run", .. _always, .. _confined, .. options, image, .. arguments]);

    /// <summary>Starts a container for as long as the process runs that is given back; its output is the container's, and so is its exit code.</summary>
    public ChildProcess StartConfined(IEnumerable<string> options, string image, IEnumerable<string> arguments, Action<string>? onLine = null) =>
        Start(["run", .. _always, .. _confined, .. options, image, .. arguments], onLine);

    /// <summary>Runs a container that may do what it likes to its own files.</summary>
    public Task<string> RunContainerAsync(IEnumerable<string> options, string image, IEnumerable<string> arguments) =>
        RunAsync(["run", .. _always, .. options, image, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder.At("root")))
        {
            await RunAsync("rm", "--all", "--force", "--time", "0");
        }

        _folder.Dispose();
    }

    private ChildProcess Start(IEnumerable<string> command, Action<string>? onLine = null)
    {
        // The plainest of everything: it works in a machine within a machine too. Without systemd there is nobody to run a health check by the clock.
        string[] settings =
        [
            "--root", _folder.At("root"), "--runroot", _folder.At("run"), "--tmpdir", _folder.At("tmp"), "--storage-driver", "vfs",
            "--runtime", "runc", "--cgroup-manager", "cgroupfs", "--events-backend", "file",
        ];
        var environment = new Dictionary<string, string> { ["DISABLE_HC_SYSTEMD"] = "true" };
        try
        {
            return ChildProcess.Start("podman", [.. settings, .. command], _folder.Path, environment, onLine);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("There is no podman here, which builds and runs the image. Install podman and runc, or run ./eng/test.sh, which does.", e);
        }
    }
}
