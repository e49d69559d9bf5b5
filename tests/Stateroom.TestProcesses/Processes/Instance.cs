namespace Stateroom.TestProcesses.Processes;

/// <summary>One instance of a cluster: a process that may die and come back to its port.</summary>
public sealed class Instance(string program, string[] arguments) : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private ServerProcess? _server;

    public int Port { get; } = LoopbackPort.Next();

    public ServerProcess Server => _server!;

    public Uri Endpoint => new($"http://127.0.0.1:{Port}/mcp");

    public string Output => _server?.Output ?? "";

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _server = await ServerProcess.StartAsync(program, Port, arguments);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task StartReadyAsync(CancellationToken cancellationToken)
    {
        await StartAsync();
        await Eventually.HoldsAsync(() => IsReadyAsync(cancellationToken), $"The instance is not ready:\n{Output}", cancellationToken);
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{Port}/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task KillAsync() => Server.Process.KillAsync();

    public Task TerminateAsync(CancellationToken cancellationToken) => Server.Process.StopAsync(cancellationToken);

    public Task SignalAsync(string signal, CancellationToken cancellationToken) => Server.Process.SignalAsync(signal, cancellationToken);

    /// <summary>Waits until it has printed something.</summary>
    public Task PrintsAsync(string text, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(() => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)), $"No '{text}' in:\n{Output}", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
