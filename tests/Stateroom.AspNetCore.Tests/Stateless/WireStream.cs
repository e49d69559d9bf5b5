using System.Text.Json.Nodes;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>An event stream that a server holds open.</summary>
internal sealed class WireStream(HttpResponseMessage response, Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream);

    /// <summary>Reads the next message; null at the end.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonNode.Parse(line["data:".Length..])!.AsObject();
            }
        }

        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
    }
}
