using System.ComponentModel;
using System.Text.Json.Serialization;
using ModelContextProtocol.Server;
using Stateroom.Server.Weather;
using Stateroom.State;

namespace Stateroom.Server.Tools;

/// <summary>Tells a session about itself.</summary>
internal sealed class SessionInfoTools
{
    [McpServerTool(Name = "get_session_info", Title = "Session info", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Tell whose session this is, since when it exists and what it remembers of its weather. Changes nothing.")]
    public static async Task<SessionInfo> GetSessionInfo(
        ISessionAccessor accessor, ISessionState<WeatherSession> session, CancellationToken cancellationToken)
    {
        var context = accessor.Current ?? throw new InvalidOperationException("There is no call.");
        var state = await session.GetAsync(cancellationToken);
        return new SessionInfo(
            context.Caller.Tenant.Value,
            context.Caller.Owner,
            context.Session?.CreatedAt,
            context.Session?.LastActiveAt,
            state.PreferredUnits,
            state.ToolCallCount);
    }
}

/// <summary>What a session knows of itself.</summary>
/// <param name="Tenant">The organisation.</param>
/// <param name="Owner">The user within it.</param>
/// <param name="CreatedAt">Since when the session exists; null where it does not yet.</param>
/// <param name="LastActiveAt">When it was last used; null where it does not exist yet.</param>
/// <param name="PreferredUnits">The measures that the user likes.</param>
/// <param name="ToolCallCount">How many calls have told it the weather.</param>
internal sealed record SessionInfo(
    string Tenant,
    string Owner,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? LastActiveAt,
    Units PreferredUnits,
    int ToolCallCount);
