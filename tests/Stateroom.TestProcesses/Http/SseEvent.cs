using System.Text.Json.Nodes;

namespace Stateroom.TestProcesses.Http;

/// <summary>A server-sent event as a client sees it.</summary>
public sealed record SseEvent(string? Id, string Data, string? Retry)
{
    public JsonObject Json => JsonNode.Parse(Data)!.AsObject();
}

/// <summary>Reads server-sent events one by one.</summary>
public sealed class SseReader(HttpResponseMessage response) : IDisposable
{
    private StreamReader? _reader;

    public HttpResponseMessage Response => response;

    /// <summary>Reads the next event; null at the end of the stream. Comments are passed over.</summary>
    public async Task<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        // Whatever is to come comes soon; a stream that stays silent is a failure, not a wait without end.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        cancellationToken = patience.Token;
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        string? id = null, data = null, retry = null;
        while (await _reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null)
                {
                    return new SseEvent(id, data, retry);
                }

                id = retry = null;
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
            else if (line.StartsWith("retry: ", StringComparison.Ordinal))
            {
                retry = line[7..];
            }
        }

        return null;
    }

    /// <summary>Reads the next event that carries a message.</summary>
    public async Task<SseEvent> ReadMessageAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken) is { } read)
        {
            if (read.Data.Length > 0)
            {
                return read;
            }
        }

        throw new EndOfStreamException("The stream ended before a message came.");
    }

    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
