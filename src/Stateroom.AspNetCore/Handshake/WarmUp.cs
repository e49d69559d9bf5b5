using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Direct;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Handshake.Direct;
using Stateroom.AspNetCore.Stateless;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// Has a server of the SDK answer a client that there is not, before the port is open: first uses take long, longest on a busy machine, and the first requests would
/// pay for them. It goes the way of a client's requests as far as they meet nothing of the host: the tool is one of its own, no session is looked up, nothing is stored
/// or counted here; the SDK's own meter, where a host listens to it, counts three operations. That it fails or takes too long keeps no server from starting.
/// </summary>
internal sealed class WarmUp(
    StatelessSetup setup, ExchangeServices exchangeServices, SessionAccessor accessor, ISessionStore store, SdkWatch watch, IServiceProvider services, ILogger<WarmUp> logger) : IHostedService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly byte[][] _requests =
    [
        [.. """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"warm-up","version":"1"}}}"""u8],
        [.. """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"""u8],
        [.. """{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"warm_up","arguments":{}}}"""u8],
    ];

    /// <summary>Whether it has come to its end.</summary>
    internal bool IsDone { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(RunAsync, cancellationToken).WaitAsync(Longest, cancellationToken);
            IsDone = true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotWarm(logger, FailureText.Of(e));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Asks everything once.</summary>
    /// <returns>The answers.</returns>
    internal async Task<IReadOnlyList<byte[]>> RunAsync()
    {
        accessor.Current = new SessionContext(store, Caller.Anonymous, SessionEra.Handshake, session: null);
        var options = new McpServerOptions { ScopeRequests = true, ToolCollection = [McpServerTool.Create(Answer, new() { Name = "warm_up", Services = services })] };
        setup.PostConfigure(name: null, options);
        var answers = new List<byte[]>();
        foreach (var request in _requests)
        {
            answers.Add(await AskAsync(request, exchange => exchange.Host.ServeAsync(Raise(), exchange.Request)));
        }

        // A call once more, as most are run.
        var direct = new DirectCalls(() => new(options, NullLogger<McpServer>.Instance), watch, services);
        var client = new KnownClient(new(ProtocolVersions.Latest, Info: null, Capabilities: null), options, new(_ => Raise()), Raise);
        answers.Add(await AskAsync(_requests[^1], async exchange => await direct.TryRunAsync(exchange, client, CallParameters.Read(exchange.Parameters)!)));
        return answers;

        RaisedServer Raise() => RaisedServer.Raise(options, NullLoggerFactory.Instance, services, home: null);
    }

    private async Task<byte[]> AskAsync(byte[] body, Func<Exchange, Task> serve)
    {
        var request = (JsonRpcRequest)JsonRpc.Parse(body, out var parameters);
        var exchange = new Exchange(exchangeServices, Caller.Anonymous, new(Caller.Anonymous.Tenant, SessionId.New()), request, mayStream: false) { Parameters = parameters };
        request.Context = new() { ProtocolVersion = ProtocolVersions.Latest, RelatedTransport = exchange.Call, ExecutionContext = ExecutionContext.Capture() };
        await serve(exchange);
        await exchange.CompleteAsync();
        using var written = exchange.TakeBody();
        return written?.Bytes.ToArray() ?? JsonRpc.Serialize(exchange.Response ?? throw new InvalidOperationException("The server did not answer."));
    }

    private static string Answer(ISessionAccessor session) => $"{session.Current?.Era}";
}
