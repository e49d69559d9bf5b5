using System.Text;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// The level that a client asked for with <c>logging/setLevel</c>, as an entry of its session's state: the SDK keeps it in the server object, and ours do not last.
/// </summary>
internal sealed class RememberedLogLevel(ISessionAccessor accessor)
{
    // The name carries the format version; names of this form are not given to the host.
    private const string EntryName = "stateroom/log-level.1";

    public static LoggingLevel? Of(SessionRecord session) =>
        session.FindState(EntryName) is { Exists: true } entry && Enum.TryParse<LoggingLevel>(Encoding.UTF8.GetString(entry.Data.Span).Trim('"'), out var level) ? level : null;

    public async Task SetAsync(LoggingLevel level, CancellationToken cancellationToken)
    {
        if (accessor.Current is not { Session: { } session } context)
        {
            return;
        }

        // The last one to set it wins, whoever that is: a conflict only tells which version to overwrite.
        var seen = session.FindState(EntryName).Version;
        ReadOnlyMemory<byte> data = Encoding.UTF8.GetBytes($"\"{level}\"");
        while (true)
        {
            var (written, entry) = await context.WriteAsync(new StateWrite(EntryName, seen, data), cancellationToken);
            if (written)
            {
                return;
            }

            seen = entry.Version;
        }
    }
}
