using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Carries the HTTP request along the flow of a stateless-era call, until it is over. ASP.NET Core's own accessor would, too, but where that is registered the web server makes a
/// context for each request, of either era, instead of using its connection's again.
/// </summary>
internal sealed class RequestAccessor
{
    private readonly AsyncLocal<Flow?> _current = new();

    /// <summary>The request; null outside of one, and when it is over.</summary>
    public HttpContext? HttpContext => _current.Value?.Context;

    /// <summary>The services of the request; null where there is none, and when it is over.</summary>
    public IServiceProvider? Services
    {
        get
        {
            var flow = _current.Value;
            var services = flow?.Context?.RequestServices;

            // Looked at again: if it ended in between, they may be those of the next request on its connection.
            Volatile.ReadBarrier();
            return flow?.Context is null ? null : services;
        }
    }

    /// <summary>Has a request be found in the flow that begins here.</summary>
    /// <returns>Ends that when disposed of, also for what still runs: the context may then be another request's.</returns>
    public IDisposable Enter(HttpContext context)
    {
        var flow = new Flow { Context = context };
        _current.Value = flow;
        return flow;
    }

    private sealed class Flow : IDisposable
    {
        public volatile HttpContext? Context;

        public void Dispose() => Context = null;
    }
}
