using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;

namespace Peers.Floor;

/// <summary>One value of JSON from the request's pipe, and one with its length to the response's.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(McpJsonUtilities.DefaultOptions);

    static Json() => Options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());

    public static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    public static async ValueTask<T?> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
    {
        var pipe = request.BodyReader;
        var read = await pipe.ReadAsync();
        while (!read.IsCompleted)
        {
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await pipe.ReadAsync();
        }

        var reader = new Utf8JsonReader(read.Buffer);
        var value = JsonSerializer.Deserialize(ref reader, type);
        pipe.AdvanceTo(read.Buffer.End);
        return value;
    }

    public static void Write<T>(HttpResponse response, T value, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;

        // Sent with the headers at the end of the request, by the thread that is there.
        bytes.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
        response.BodyWriter.Advance(bytes.Length);
    }
}
