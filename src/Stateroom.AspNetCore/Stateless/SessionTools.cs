using System.ComponentModel;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Auditing;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>The tools by which a stateless-era client finds the sessions that its caller holds, and ends them. They stand beside the host's own tools, not among them.</summary>
internal sealed class SessionTools
{
    private readonly ISessionStore _store;
    private readonly ISessionAccessor _accessor;
    private readonly McpServerTool[] _tools;

    public SessionTools(ISessionStore store, SessionLifecycle lifecycle, ISessionAccessor accessor, AuditLog audit, IOptions<SessionEndpointOptions> options)
    {
        _store = store;
        _accessor = accessor;
        _tools = options.Value.SessionTools ? [McpServerTool.Create(ListAsync), new CloseSessionTool(lifecycle, accessor, audit)] : [];
    }

    /// <summary>What every caller who is offered these tools is offered.</summary>
    public IReadOnlyList<McpServerTool> All => _tools;

    /// <summary>The tools that this caller is offered. Anonymous callers hold their handles themselves: listing them would hand out everybody's.</summary>
    public IReadOnlyList<McpServerTool> For(SessionContext context) =>
        context is { Era: SessionEra.Stateless, Caller.IsAnonymous: false } ? _tools : [];

    /// <summary>Finds one of them.</summary>
    public McpServerTool? Find(string? name, SessionContext context) =>
        For(context).FirstOrDefault(t => string.Equals(t.ProtocolTool.Name, name, StringComparison.Ordinal));

    /// <summary>Whether one of them has this name, whoever is offered it.</summary>
    public bool Has(string name) => _tools.Any(t => string.Equals(t.ProtocolTool.Name, name, StringComparison.Ordinal));

    [McpServerTool(Name = "list_sessions", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the sessions that you hold, newest first: their handles, when each was begun and when it was last used. For when a handle was lost.")]
    private async Task<SessionList> ListAsync(CancellationToken cancellationToken)
    {
        var sessions = await _store.ListAsync(_accessor.Current!.Caller, SessionEra.Stateless, cancellationToken);
        return new SessionList([.. sessions.Select(s => new SessionSummary(s.Key.Id, s.CreatedAt, s.LastActiveAt))]);
    }

    internal sealed record SessionList(IReadOnlyList<SessionSummary> Sessions);

    internal sealed record SessionSummary(string Handle, DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt);
}
