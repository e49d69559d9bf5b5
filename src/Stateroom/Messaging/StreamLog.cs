using Stateroom.Encryption;

namespace Stateroom.Messaging;

/// <summary>The items of one stream, bounded. Guarded by the lock of its <see cref="SessionStreams"/>.</summary>
internal sealed class StreamLog(int maxItems, int maxBytes)
{
    private readonly List<OutboxItem> _items = [];
    private long _last;
    private long _trimmed;
    private long _delivered;

    /// <summary>How many bytes it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>When a finished stream is forgotten; null while it is open.</summary>
    public long? ForgetAt { get; private set; }

    /// <returns>The item's position; 0 if the stream has ended, so that nothing follows.</returns>
    public long Append(OutboxItemKind kind, byte[] data, long forgetAt)
    {
        if (ForgetAt is not null)
        {
            return 0;
        }

        _items.Add(new(++_last, kind, data));
        Bytes += SealedContent.SizeOf(data);
        ForgetAt = kind == OutboxItemKind.End ? forgetAt : null;
        Trim();
        return _last;
    }

    public OutboxPage Read(long after)
    {
        var first = _items.FindIndex(i => i.Position > after);
        return new(true, first < 0 ? [] : _items[first..], after < _trimmed, _delivered, _last, ForgetAt is not null);
    }

    public void MarkDelivered(long position) => _delivered = Math.Max(_delivered, Math.Min(position, _last));

    /// <summary>Lets the oldest go, but neither the newest nor what a request waits for: its response and its end, the questions to its client, and what tells that none of them will come.</summary>
    private void Trim()
    {
        var oldest = 0;
        while ((_items.Count > maxItems || Bytes > maxBytes) && oldest < _items.Count - 1)
        {
            var item = _items[oldest];
            if (item.Kind is OutboxItemKind.Begin or OutboxItemKind.End || (item.Kind == OutboxItemKind.Message && JsonRpcShape.IsAwaited(item.Data.Span)))
            {
                oldest++;
                continue;
            }

            _items.RemoveAt(oldest);
            Bytes -= SealedContent.SizeOf(item.Data.Span);
            _trimmed = item.Position;
        }
    }
}
