using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Auditing;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>The tool that ends a session. It reads its argument itself, so that a malformed handle is answered like any other that leads nowhere.</summary>
internal sealed class CloseSessionTool(SessionLifecycle lifecycle, ISessionAccessor accessor, AuditLog audit) : McpServerTool
{
    public override Tool ProtocolTool { get; } = new()
    {
        Name = "close_session",
        Description = "Ends a session that is no longer needed and drops everything that it holds, for good.",
        Annotations = new() { DestructiveHint = true, OpenWorldHint = false },
        InputSchema = JsonElement.Parse(
            $$"""
            {
              "type": "object",
              "properties": { "{{SessionHandle.Argument}}": { "type": "string", "description": "Handle of the session to end." } },
              "required": ["{{SessionHandle.Argument}}"]
            }
            """),
    };

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        var handle = SessionHandle.IsGiven(request.Params.Arguments, out var value) ? SessionHandle.Read(value) : null;
        var caller = accessor.Current!.Caller;
        if (handle is not null && await lifecycle.EndAsync(new SessionClaim(caller, handle, SessionEra.Stateless), cancellationToken))
        {
            return new CallToolResult { Content = [new TextContentBlock { Text = "The session is ended." }] };
        }

        audit.Refused(caller, new(RefusalKind.Session));
        return SessionHandle.NotFound();
    }
}
