namespace Stateroom.Cli.Demo;

/// <summary>How an instance is.</summary>
internal enum InstanceState
{
    Starting,
    Ready,
    Killed,
}

/// <summary>One weather server of the demo, which is killed and comes back to its port.</summary>
internal sealed class Instance(string name, string redis) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Child? _process;
    private long _calls;

    public string Name => name;

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public InstanceState State { get; private set; }

    public int Kills { get; private set; }

    /// <summary>How many requests it has answered.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public void CountCall() => Interlocked.Increment(ref _calls);

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="UsageException">It does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        State = InstanceState.Starting;
        _process?.Dispose();
        var (program, arguments) = WeatherServer.StartInfo();
        _process = new Child(
            program,
            [.. arguments, "--urls", Address.ToString(), $"--ConnectionStrings:Redis={redis}"],
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("DOTNET_ENVIRONMENT", "Development"));
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new UsageException($"The server {name} does not start:\n{_process.Output}");
            }

            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }

        State = InstanceState.Ready;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        _process?.Kill();
        Kills++;
        State = InstanceState.Killed;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _http.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Address, "/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
