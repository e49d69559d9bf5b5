using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>What the image makes of a container's settings: its program as an unprivileged user who may write nowhere, in Production, on a free port.</summary>
internal sealed partial class ContainerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;
    private readonly ImageFixture _image;

    private ContainerProcess(ImageFixture image, ChildProcess process, int port)
    {
        (_image, _process, Port) = (image, process, port);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public int Port { get; }

    public string Output => _process.Output;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ContainerProcess> StartAsync(ImageFixture image, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Start(image, settings.Append(new("ASPNETCORE_URLS", "http://*:0")), [], line =>
        {
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(int.Parse(match.Groups[1].Value, null));
            }
        });
        var ended = process.WaitAsync(CancellationToken.None);
        var first = await Task.WhenAny(listening.Task, ended, Task.Delay(Patience));
        if (first != listening.Task)
        {
            await process.DisposeAsync();
            Assert.Fail($"The server {(first == ended ? "ended" : "did not listen")}:\n{process.Output}");
        }

        return new ContainerProcess(image, process, await listening.Task);
    }

    /// <summary>Runs what the image's health check does.</summary>
    public async Task<int> ProbeAsync(string[] command)
    {
        Assert.Equal(Dockerfile.Final.EntryPoint, command[..^1]);
        await using var probe = Start(_image, [new("ASPNETCORE_HTTP_PORTS", $"{Port}")], command[^1..], _ => { });
        await probe.WaitAsync(TestContext.Current.CancellationToken);
        return probe.ExitCode;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    public Task SignalAsync(string signal) => _process.SignalAsync(signal, TestContext.Current.CancellationToken);

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ChildProcess Start(ImageFixture image, IEnumerable<KeyValuePair<string, string>> settings, string[] arguments, Action<string> onLine)
    {
        // Only what an image has in its environment, and nothing of this process's.
        var environment = new Dictionary<string, string>(Dockerfile.Final.Environment) { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["TMPDIR"] = "/proc" };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } runtime)
        {
            environment["DOTNET_ROOT"] = runtime;
        }

        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var user = Dockerfile.Final.The("USER");
        string[] privileges = Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"] : [];
        return ChildProcess.Start("env", ["-i", .. environment.Select(e => $"{e.Key}={e.Value}"), .. privileges, .. Dockerfile.Final.EntryPoint, .. arguments], image.Folder, onLine: onLine);
    }

    [GeneratedRegex(@"Now listening on: http://\S+:(\d+)")]
    private static partial Regex ListeningLine();
}
