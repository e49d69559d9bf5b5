using System.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// Signals as bytes: format, kind, sender, then the fields of the kind, each after its length; then, if it is part of a trace, its trace parent and state. Within a
/// format kinds may be added, and fields behind those that there are: a reader leaves alone what it does not know.
/// </summary>
internal static class SignalCodec
{
    /// <summary>The format that this program writes and reads.</summary>
    public const byte Format = 1;

    private enum Kind : byte
    {
        Answer = 1,
        Cancel,
        Ended,
        Nudge,
        Changed,
        Echo,
        Taken,
    }

    /// <summary>A signal for other instances.</summary>
    /// <param name="sender">Who sends it.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="context">The trace that it is part of; null for none.</param>
    public static byte[] Write(string sender, SessionSignal signal, ActivityContext? context = null) =>
        context is { } trace ? [.. Write(sender, signal), .. SignalTrace.Write(trace)] : Write(sender, signal);

    private static byte[] Write(string sender, SessionSignal signal) => signal switch
    {
        SessionSignal.Answer answer => Write(Kind.Answer, sender, Tenant(answer.Session), Id(answer.Session), LosslessText.Encode(answer.QuestionId), answer.Message.ToArray()),
        SessionSignal.Cancel cancel => Write(Kind.Cancel, sender, Tenant(cancel.Session), Id(cancel.Session), LosslessText.Encode(cancel.RequestId)),
        SessionSignal.Ended ended => Write(Kind.Ended, sender, Tenant(ended.Session), Id(ended.Session)),
        SessionSignal.Nudge nudge => Write(Kind.Nudge, sender, Tenant(nudge.Session), Id(nudge.Session), LosslessText.Encode(nudge.Stream)),
        SessionSignal.Changed changed => Write(
            Kind.Changed, sender, LosslessText.Encode(RedisKeys.TopicText(changed.Topic)), changed.Tenant is { } tenant ? LosslessText.Encode(tenant.Value) : []),
        SessionSignal.Taken taken => Write(Kind.Taken, sender, Tenant(taken.Session), Id(taken.Session), LosslessText.Encode(taken.Reader)),
        _ => throw new ArgumentException($"{signal.GetType().Name} does not leave its instance.", nameof(signal)),
    };

    /// <summary>What an instance sends to itself to learn whether it hears.</summary>
    public static byte[] WriteEcho(string sender, string text) => Write(Kind.Echo, sender, LosslessText.Encode(text));

    /// <summary>Reads what another instance sent.</summary>
    /// <param name="message">What was received.</param>
    /// <param name="receiver">Who received it.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="signal">The signal; null if it is an echo.</param>
    /// <param name="echo">The text of an echo; otherwise null.</param>
    /// <param name="context">The trace that it is part of; null for none, or none that can be read.</param>
    /// <returns>False if this program cannot read it: a newer one sent it.</returns>
    public static bool TryRead(byte[] message, string receiver, out string sender, out SessionSignal? signal, out string? echo, out ActivityContext? context)
    {
        (sender, signal, echo, context) = (string.Empty, null, null, null);
        if (message is not [Format, var kind, ..])
        {
            return false;
        }

        using var reader = new BinaryReader(new MemoryStream(message, 2, message.Length - 2, writable: false));
        try
        {
            sender = Text();
            switch ((Kind)kind)
            {
                case Kind.Answer:
                    signal = new SessionSignal.Answer(Session(), receiver, Text(), Bytes());
                    break;
                case Kind.Cancel:
                    signal = new SessionSignal.Cancel(Session(), Text());
                    break;
                case Kind.Ended:
                    signal = new SessionSignal.Ended(Session());
                    break;
                case Kind.Nudge:
                    signal = new SessionSignal.Nudge(Session(), Text());
                    break;
                case Kind.Changed:
                    var topic = RedisKeys.ReadTopic(Text());
                    signal = new SessionSignal.Changed(Bytes() is { Length: > 0 } tenant ? new TenantId(LosslessText.Decode(tenant)) : null, topic);
                    break;
                case Kind.Taken:
                    signal = new SessionSignal.Taken(Session(), Text());
                    break;
                case Kind.Echo:
                    echo = Text();
                    break;
                default:
                    return false;
            }

            context = SignalTrace.Read(reader);
            return true;
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            return false;
        }

        byte[] Bytes()
        {
            var length = reader.Read7BitEncodedInt();
            var bytes = reader.ReadBytes(length);
            return bytes.Length == length ? bytes : throw new EndOfStreamException();
        }

        string Text() => LosslessText.Decode(Bytes());

        SessionKey Session() => new(new TenantId(Text()), Text());
    }

    private static byte[] Write(Kind kind, string sender, params ReadOnlySpan<byte[]> fields)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Format);
        writer.Write((byte)kind);
        WriteField(LosslessText.Encode(sender));
        foreach (var field in fields)
        {
            WriteField(field);
        }

        return stream.ToArray();

        void WriteField(byte[] bytes)
        {
            writer.Write7BitEncodedInt(bytes.Length);
            writer.Write(bytes);
        }
    }

    private static byte[] Tenant(SessionKey session) => LosslessText.Encode(session.Tenant.Value);

    private static byte[] Id(SessionKey session) => LosslessText.Encode(session.Id);
}
