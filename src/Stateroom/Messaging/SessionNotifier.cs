using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>
/// Puts notifications into the outbox of every handshake-era session that listens, then signals the change for the listeners of the stateless era,
/// which have no outbox.
/// </summary>
internal sealed class SessionNotifier(ISessionOutbox outbox, ISessionBackplane backplane) : ISessionNotifier
{
    public Task ToolsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default) =>
        ChangedAsync(tenant, new(TopicKind.Tools), cancellationToken);

    public Task PromptsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default) =>
        ChangedAsync(tenant, new(TopicKind.Prompts), cancellationToken);

    public Task ResourcesChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default) =>
        ChangedAsync(tenant, new(TopicKind.Resources), cancellationToken);

    public Task ResourceUpdatedAsync(string uri, TenantId? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        return ChangedAsync(tenant, new(TopicKind.Resource, uri), cancellationToken);
    }

    public Task NotifyAsync(SessionKey session, string method, JsonElement? parameters = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        if (parameters is { ValueKind: not JsonValueKind.Object })
        {
            throw new ArgumentException("The parameters of an MCP notification are a JSON object.", nameof(parameters));
        }

        return SendAsync(session, Notification(method, parameters is { } p ? p.WriteTo : null), cancellationToken);
    }

    private async Task ChangedAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken)
    {
        var notification = Notification(TopicMethods.Of(topic.Kind), topic.Uri is { } uri ? writer => WriteUri(writer, uri) : null);
        foreach (var session in await outbox.FindSubscribersAsync(tenant, topic, cancellationToken))
        {
            await SendAsync(session, notification, cancellationToken);
        }

        await backplane.PublishAsync(new SessionSignal.Changed(tenant, topic), cancellationToken);
    }

    private async Task SendAsync(SessionKey session, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (await outbox.AppendAsync(session, StreamNames.General, OutboxItemKind.Message, message, cancellationToken) != 0)
        {
            await backplane.PublishAsync(new SessionSignal.Nudge(session, StreamNames.General), cancellationToken);
        }
    }

    private static ReadOnlyMemory<byte> Notification(string method, Action<Utf8JsonWriter>? writeParameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WriteString("method"u8, method);
        if (writeParameters is not null)
        {
            writer.WritePropertyName("params"u8);
            writeParameters(writer);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteUri(Utf8JsonWriter writer, string uri)
    {
        writer.WriteStartObject();
        writer.WriteString("uri"u8, uri);
        writer.WriteEndObject();
    }
}
