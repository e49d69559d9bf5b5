using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>A container of the image, on a free port.</summary>
internal sealed partial class ContainerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ContainerEngine _engine;
    private readonly string _name;
    private readonly ChildProcess _process;

    private ContainerProcess(ContainerEngine engine, string name, ChildProcess process, int port)
    {
        (_engine, _name, _process, Port) = (engine, name, process, port);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public int Port { get; }

    public string Output => _process.Output;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="image">The image.</param>
    /// <param name="settings">Its environment.</param>
    /// <param name="secrets">What it finds in the folder that <c>Stateroom__SecretsFolder</c> names.</param>
    public static async Task<ContainerProcess> StartAsync(ImageFixture image, IReadOnlyDictionary<string, string> settings, string? secrets = null)
    {
        var name = $"server-{Guid.NewGuid():N}";
        var port = LoopbackPort.Next();
        var environment = new Dictionary<string, string>(settings) { ["ASPNETCORE_HTTP_PORTS"] = $"{port}" };
        string[] volume = secrets is null ? [] : ["--volume", $"{secrets}:{settings["Stateroom__SecretsFolder"]}:ro"];
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = image.Engine.StartConfined(
            ["--name", name, .. volume, .. environment.SelectMany(e => new[] { "--env", $"{e.Key}={e.Value}" })], ImageFixture.Name, [],
            line =>
            {
                if (ListeningLine().IsMatch(line))
                {
                    listening.TrySetResult();
                }
            });
        var container = new ContainerProcess(image.Engine, name, process, port);
        var ended = process.WaitAsync(CancellationToken.None);
        var first = await Task.WhenAny(listening.Task, ended, Task.Delay(Patience));
        if (first != listening.Task)
        {
            await container.DisposeAsync();
            Assert.Fail($"The server {(first == ended ? "ended" : "did not listen")}:\n{process.Output}");
        }

        return container;
    }

    /// <summary>Runs the health check of the image in it, as the engine does from time to time.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> CheckHealthAsync() => (await _engine.TryAsync("healthcheck", "run", _name)).ExitCode;

    /// <summary>Asks it to end and waits until it has; after a time that every orchestrator here grants it is killed, which its exit code tells.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _engine.RunAsync("stop", "--time", "45", _name);
        await WaitAsync(cancellationToken);
    }

    public Task SignalAsync(string signal) => _engine.RunAsync("kill", "--signal", signal, _name);

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _engine.RunAsync("rm", "--force", "--ignore", "--time", "0", _name);
        await _process.DisposeAsync();
    }

    [GeneratedRegex("Now listening on: http://")]
    private static partial Regex ListeningLine();
}
