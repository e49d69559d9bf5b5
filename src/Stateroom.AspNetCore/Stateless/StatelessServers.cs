using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Direct;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Servers that are up for calls of tools and have nothing to do. The SDK's endpoint raises one for each request, which costs more than most tools do.
/// Bounded; nothing of a caller is in here.
/// </summary>
internal sealed class StatelessServers : IDisposable
{
    private const int MaxIdle = 32;

    // Whatever handlers may have left on a server object goes with it.
    private const int MaxUses = 10_000;

    private readonly ObjectPool<StatelessServer> _idle;

    public StatelessServers(IOptionsFactory<McpServerOptions> options, RequestAccessor http, ILoggerFactory loggers) =>
        _idle = new DefaultObjectPoolProvider { MaximumRetained = MaxIdle }.Create(new Policy(() =>
        {
            var own = options.Create(Options.DefaultName);
            own.ScopeRequests = false;
            own.Filters = new() { Message = own.Filters.Message, Request = Takeover.FiltersWith(own.Filters.Request) };
            return new StatelessServer(own, loggers, new RequestServices(http));
        }));

    /// <summary>Serves a request.</summary>
    public async Task ServeAsync(JsonRpcRequest request, AnswerStream answer, CancellationToken cancellationToken)
    {
        var server = _idle.Get();
        try
        {
            await server.ServeAsync(request, answer, cancellationToken);
        }
        catch
        {
            // Its handler may still run: it serves nobody else.
            await server.StopAsync();
            throw;
        }

        _idle.Return(server);
    }

    public void Dispose() => (_idle as IDisposable)?.Dispose();

    private sealed class Policy(Func<StatelessServer> raise) : PooledObjectPolicy<StatelessServer>
    {
        public override StatelessServer Create() => raise();

        public override bool Return(StatelessServer obj) => obj.Uses < MaxUses && !obj.IsOver;
    }
}
