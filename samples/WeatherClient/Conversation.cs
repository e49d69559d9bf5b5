using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>Talks to the server as long as the user likes. A session that is gone is followed by a new one, set up like the first.</summary>
internal sealed class Conversation(ClientOptions options) : IAsyncDisposable
{
    private IServerSession? _session;

    public async Task<CallToolResult> CallAsync(
        string tool, Dictionary<string, object?> arguments, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await (await SessionAsync(cancellationToken)).CallAsync(tool, arguments, progress, cancellationToken);
        }
        catch (SessionGoneException)
        {
            Console.WriteLine("(The session is gone. Starting over.)");
            await DisposeAsync();
            return await (await SessionAsync(cancellationToken)).CallAsync(tool, arguments, progress, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private async Task<IServerSession> SessionAsync(CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            _session = await ConnectAsync(cancellationToken);
            var result = await _session.CallAsync("set_preferred_units", new() { ["units"] = options.Units }, null, cancellationToken);
            Console.WriteLine(result.IsError is true ? Text.Of(result) : $"(A new session, in {options.Units} units.)");
        }

        return _session;
    }

    private async Task<IServerSession> ConnectAsync(CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(new()
        {
            Endpoint = options.Url,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {options.Key}" },
        });
        var client = await McpClient.CreateAsync(
            transport,
            new()
            {
                ClientInfo = new() { Name = "weather-client", Version = "0.1.0" },
                ProtocolVersion = options.Era == Era.Stateless ? StatelessSession.ProtocolVersion : HandshakeSession.ProtocolVersion,
                Capabilities = new() { Elicitation = new() { Form = new() } },
                Handlers = new() { ElicitationHandler = Questions.AnswerAsync },
            },
            cancellationToken: cancellationToken);
        return options.Era == Era.Stateless ? new StatelessSession(client) : new HandshakeSession(client);
    }
}
