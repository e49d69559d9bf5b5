using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>
/// A session of the stateless era: the first result that comes from one names it, every later call passes the name back, and a tool ends it.
/// </summary>
internal sealed class StatelessSession(McpClient client) : IServerSession
{
    public const string ProtocolVersion = "2026-07-28";
    private const string Argument = "session";
    private const string HandleKey = "stateroom/session";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private string? _handle;

    public async Task<CallToolResult> CallAsync(
        string tool, Dictionary<string, object?> arguments, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken)
    {
        var sent = _handle;
        var all = sent is null ? arguments : new(arguments) { [Argument] = sent };
        var result = await client.CallToolAsync(tool, all, progress, cancellationToken: cancellationToken);
        if (sent is not null && IsGone(result))
        {
            _handle = null;
            throw new SessionGoneException();
        }

        _handle = (string?)result.Meta?[HandleKey] ?? _handle;
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await using (client)
        {
            if (_handle is { } handle)
            {
                using var deadline = new CancellationTokenSource(Patience);
                await client.CallToolAsync("close_session", new Dictionary<string, object?> { [Argument] = handle }, cancellationToken: deadline.Token);
            }
        }
    }

    // A tool error, written for models: a program knows it by its first words.
    private static bool IsGone(CallToolResult result) =>
        result.IsError is true && result.Content is [TextContentBlock { Text: var text }] && text.StartsWith("There is no such session", StringComparison.Ordinal);
}
