using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Server.Tools;
using Stateroom.Server.Weather;
using Stateroom.State;

namespace Stateroom.Server.Tests.Tools;

/// <summary>The tools of the server behind a pipe, for one client with one session.</summary>
internal sealed class ToolHost : IAsyncDisposable
{
    public const string Handshake = "2025-11-25";
    public const string Stateless = "2026-07-28";

    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private ToolHost(ServiceProvider services)
    {
        _services = services;
        _running = services.GetRequiredService<McpServer>().RunAsync(_stop.Token);
    }

    public McpClient Client { get; private set; } = null!;

    public List<ElicitRequestParams> Questions { get; } = [];

    public LogCollector Log => _services.GetRequiredService<LogCollector>();

    public CountingProvider Provider => _services.GetRequiredService<CountingProvider>();

    public FakeSessionCache Cache => _services.GetRequiredService<FakeSessionCache>();

    public static async Task<ToolHost> StartAsync(string protocolVersion = Handshake, Func<ElicitRequestParams, ElicitResult>? answer = null)
    {
        Pipe toServer = new(), toClient = new();
        var services = new ServiceCollection();
        var log = new LogCollector();
        services.AddLogging(logging => logging.AddProvider(log).AddFilter("ModelContextProtocol", LogLevel.None));
        services.AddStateroom();
        services.AddSingleton(log).AddSingleton<WatchList>();
        services.AddSingleton(typeof(FakeSessionState<>)).AddSingleton<FakeSessionCache>().AddSingleton<CountingProvider>();
        services.AddSingleton(typeof(ISessionState<>), typeof(FakeSessionState<>));
        services.AddSingleton<ISessionCache>(provider => provider.GetRequiredService<FakeSessionCache>());
        services.AddSingleton<IWeatherProvider>(provider => provider.GetRequiredService<CountingProvider>());
        services.AddSingleton<WeatherService>();
        services.AddMcpServer()
            .WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream())
            .WithTools<WeatherTools>()
            .WithTools<PlaceTools>()
            .WithResources<WeatherResources>()
            .WithSubscribeToResourcesHandler(WeatherResources.SubscribeAsync)
            .WithFailureLog()
            .WithCallErrors();
        var host = new ToolHost(services.BuildServiceProvider());
        var options = new McpClientOptions { ProtocolVersion = protocolVersion };
        if (answer is not null)
        {
            options.Capabilities = new() { Elicitation = new() { Form = new() } };
            options.Handlers.ElicitationHandler = (question, _) =>
            {
                host.Questions.Add(question!);
                return ValueTask.FromResult(answer(question!));
            };
        }

        host.Client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), options, cancellationToken: TestContext.Current.CancellationToken);
        return host;
    }

    public int Writes<T>()
        where T : class, new() => ((FakeSessionState<T>)_services.GetRequiredService<ISessionState<T>>()).Writes;

    public ValueTask<T> StateAsync<T>()
        where T : class, new() => _services.GetRequiredService<ISessionState<T>>().GetAsync(TestContext.Current.CancellationToken);

    public async Task<JsonObject> CallAsync(string tool, object? arguments = null, IProgress<ProgressNotificationValue>? progress = null)
    {
        var result = await SendAsync(tool, arguments, progress);
        var text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
        Assert.False(result.IsError is true, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    public async Task<string> FailAsync(string tool, object? arguments = null)
    {
        var result = await SendAsync(tool, arguments, null);
        Assert.True(result.IsError);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private ValueTask<CallToolResult> SendAsync(string tool, object? arguments, IProgress<ProgressNotificationValue>? progress) => Client.CallToolAsync(
        tool,
        arguments?.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(arguments)),
        progress,
        cancellationToken: TestContext.Current.CancellationToken);
}
