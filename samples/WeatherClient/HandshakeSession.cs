using System.Net;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>A session of the handshake era: the transport carries its id and ends it with DELETE. Here it remains to notice when it is gone.</summary>
internal sealed class HandshakeSession(McpClient client) : IServerSession
{
    public const string ProtocolVersion = "2025-11-25";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<CallToolResult> CallAsync(
        string tool, Dictionary<string, object?> arguments, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CallToolAsync(tool, arguments, progress, cancellationToken: cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (IsGone(e) || IsGone(client.Completion)))
        {
            throw new SessionGoneException(e);
        }
    }

    public async ValueTask DisposeAsync() => await client.DisposeAsync().AsTask().WaitAsync(Patience);

    // The call itself was answered with 404, or the stream for notifications was, a moment before.
    private static bool IsGone(Exception e) => e switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => true,
        ClientTransportClosedException { Details: HttpClientCompletionDetails { HttpStatusCode: HttpStatusCode.NotFound } } => true,
        _ => false,
    };

    private static bool IsGone(Task<ClientCompletionDetails> completion) =>
        completion is { IsCompletedSuccessfully: true, Result: HttpClientCompletionDetails { HttpStatusCode: HttpStatusCode.NotFound } };
}
