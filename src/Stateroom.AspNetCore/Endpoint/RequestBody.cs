using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>A request's body, read whole into pooled memory and never beyond its limit.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstRent = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the body.</summary>
    /// <returns>The body; null if it is larger than the limit.</returns>
    /// <exception cref="BadHttpRequestException">The client framed it wrongly, or stopped sending.</exception>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context, long maximum)
    {
        var announced = context.Request.ContentLength;
        if (announced > maximum)
        {
            return null;
        }

        // The limit is ours to keep; what is announced is not taken at its word, so that a promise alone rents no memory.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = maximum;
        }

        var body = new RequestBody((int)Math.Min(announced ?? FirstRent, FirstRent));
        try
        {
            var pipe = context.Request.BodyReader;
            while (true)
            {
                var read = await pipe.ReadAsync(context.RequestAborted);
                var isTooLarge = body._length + read.Buffer.Length > maximum;
                if (!isTooLarge)
                {
                    body.Append(read.Buffer);
                }

                pipe.AdvanceTo(read.Buffer.End);
                if (isTooLarge)
                {
                    body.Dispose();
                    return null;
                }

                if (read.IsCompleted)
                {
                    return body;
                }
            }
        }
        catch (Exception e)
        {
            body.Dispose();
            if (e is IOException and not BadHttpRequestException)
            {
                // The web server's own word for some faults of framing, such as the size of a chunk that is beyond any number.
                throw new BadHttpRequestException("The request body cannot be read.", StatusCodes.Status400BadRequest, e);
            }

            throw;
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Append(in ReadOnlySequence<byte> read)
    {
        var length = _length + (int)read.Length;
        if (length > _buffer.Length)
        {
            Grow(length);
        }

        read.CopyTo(_buffer.AsSpan(_length));
        _length = length;
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
