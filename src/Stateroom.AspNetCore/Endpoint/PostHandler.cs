using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Stateless;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>Handles a POST: reads its body, asks for the scopes that it needs, and gives it to the handlers of its era.</summary>
internal sealed class PostHandler(InitializeHandler initialize, MessageHandler messages, StatelessHandler stateless, ScopeDoor scopes, AdmissionGate gate, HandshakeServerOptions server, RefusalTally tally)
{
    /// <summary>How much is read of a body that is not served, for the id to echo, or that has no place among the calls of its caller.</summary>
    private const long ShortBodyBytes = 64 * 1024;

    public async Task HandleAsync(HttpContext context, Caller caller, RequestAdmission admission)
    {
        // Routing would check the content type for the SDK's endpoint; its metadata is not on ours.
        if (context.Request.ContentType != "application/json" && !context.Request.HasJsonContentType())
        {
            if (!await admission.RefusesAsync())
            {
                await Reply.UnsupportedMediaTypeAsync(context);
            }

            return;
        }

        var maximum = gate.MaxBodyBytes(caller);
        var isShort = context.Request.ContentLength is <= ShortBodyBytes;
        using var body = await RequestBody.ReadAsync(context, isShort || await admission.HasPlaceAsync() ? maximum : Math.Min(ShortBodyBytes, maximum));
        if (body is null)
        {
            // The rest of the body is not worth reading.
            context.Response.Headers.Connection = "close";
            if (!await admission.RefusesLongBodyAsync())
            {
                await Reply.TooLargeAsync(context, tally, caller, maximum);
            }

            return;
        }

        if (admission.IsTooSoon)
        {
            await admission.RefusesAsync(JsonRpc.Inspect(body.Bytes).Id);
            return;
        }

        var version = context.Request.Headers[McpHeaders.ProtocolVersion].ToString();
        var isBatch = JsonRpc.IsBatch(body.Bytes.Span);
        IReadOnlyList<JsonRpcMessage> sent;
        JsonElement parameters = default;
        try
        {
            sent = isBatch ? JsonRpc.ParseBatch(body.Bytes) : [JsonRpc.Parse(body.Bytes.Span, out parameters)];
        }
        catch (JsonException e)
        {
            await RefuseBodyAsync(context, admission, body.Bytes, e);
            return;
        }

        admission.Read(sent, server.HandlesNotifications);
        if (await scopes.FindLackingAsync(context, caller, sent) is { } needed)
        {
            var id = sent is [JsonRpcRequest { Id: var asked }] ? asked : default;
            if (!await admission.RefusesAsync(id))
            {
                await ScopeDoor.RefuseAsync(context, caller, needed, id);
            }
        }
        else if (version.Length > 0 && !ProtocolVersions.IsHandshake(version))
        {
            await stateless.HandleAsync(context, caller, admission, sent, parameters, body.Bytes);
        }
        else
        {
            await HandshakeAsync(new HandshakeRequest(context, caller, admission, parameters), sent, isBatch);
        }
    }

    private Task HandshakeAsync(HandshakeRequest request, IReadOnlyList<JsonRpcMessage> sent, bool isBatch) =>
        isBatch ? messages.HandleAsync(request, sent, isBatch)
        : ProtocolVersions.DeclaredBy(sent[0], request.Parameters) is { } declared && !ProtocolVersions.IsHandshake(declared) ? RefuseOtherEraAsync(request, sent[0])
        : sent[0] is JsonRpcRequest { Method: RequestMethods.Initialize } first ? InitializeAsync(request, first)
        : messages.HandleAsync(request, sent, isBatch);

    private async Task InitializeAsync(HandshakeRequest request, JsonRpcRequest first)
    {
        if (!await request.Admission.RefusesAsync())
        {
            await initialize.HandleAsync(request, first);
        }
    }

    /// <summary>Not for the other era's sessions, and not for the SDK either, which checks Mcp-Method and the like by the header's revision only.</summary>
    private static async Task RefuseOtherEraAsync(HandshakeRequest request, JsonRpcMessage message)
    {
        if (!await request.Admission.RefusesAsync())
        {
            await Reply.HeaderMismatchAsync(request.Context, message is JsonRpcRequest { Id: var id } ? id : default);
        }
    }

    private static async Task RefuseBodyAsync(HttpContext context, RequestAdmission admission, ReadOnlyMemory<byte> body, JsonException error)
    {
        var (isJson, id) = JsonRpc.Inspect(body);
        if (await admission.RefusesAsync(id))
        {
            return;
        }

        await (isJson
            ? Reply.BadRequestAsync(context, id, "The body is JSON but not a JSON-RPC 2.0 message. Send one object with \"jsonrpc\": \"2.0\" and a method, or a result or error with the id that it answers.")
            : Reply.BadRequestAsync(context, id, $"The body is not valid JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).", McpErrorCode.ParseError));
    }
}
