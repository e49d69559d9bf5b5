using System.Diagnostics;
using System.Text;

namespace Stateroom.Redis.Messaging;

/// <summary>The trace that a signal is part of, as two fields behind its own: W3C <c>traceparent</c> and <c>tracestate</c>. What cannot be read is left out; it decides nothing.</summary>
internal static class SignalTrace
{
    // The longest that W3C Trace Context asks anybody to pass on (section 3.3.1.5).
    private const int LongestState = 512;

    public static byte[] Write(ActivityContext context)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII);
        writer.Write($"00-{context.TraceId}-{context.SpanId}-{(byte)context.TraceFlags:x2}");
        writer.Write(context.TraceState is { Length: <= LongestState } state && Ascii.IsValid(state) ? state : string.Empty);
        return stream.ToArray();
    }

    /// <param name="reader">Behind the fields of the signal.</param>
    public static ActivityContext? Read(BinaryReader reader)
    {
        try
        {
            if (reader.BaseStream.Position == reader.BaseStream.Length)
            {
                return null;
            }

            var parent = reader.ReadString();
            var state = reader.ReadString();
            return ActivityContext.TryParse(parent, state.Length is 0 or > LongestState ? null : state, isRemote: true, out var context) ? context : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
