using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Answers <c>initialize</c>: agrees on a revision, opens a session and hands out its id.</summary>
internal sealed class InitializeHandler(ISessionStore store, ExchangeServices exchangeServices, ExchangeRunner runner, RefusalTally tally, ILogger<InitializeHandler> logger)
{
    public async Task HandleAsync(HandshakeRequest request, JsonRpcRequest initialize)
    {
        if (request.SentId.Length > 0)
        {
            await Reply.BadRequestAsync(request.Context, initialize.Id, "initialize opens a session of its own. Send it without the Mcp-Session-Id header.");
            return;
        }

        var parameters = FillIn(initialize);
        initialize.Context = new JsonRpcMessageContext { User = request.Context.User };
        var session = new NewSession { Caller = request.Caller, Era = SessionEra.Handshake };
        var exchange = new Exchange(exchangeServices, request.Caller, new SessionKey(request.Caller.Tenant, session.Id), initialize, mayStream: false);
        initialize.Context.RelatedTransport = exchange.Call;
        runner.Start(exchange, client: null, context: null, place: null);

        if (await exchange.Outcome != ExchangeOutcome.Response)
        {
            await Reply.JsonAsync(request.Context, StatusCodes.Status500InternalServerError, JsonRpc.Error(initialize.Id, (int)McpErrorCode.InternalError, "An error occurred."));
        }
        else if (exchange.Response is JsonRpcResponse { Result: JsonObject result } response && (string?)result["protocolVersion"] is { } version)
        {
            await OpenAsync(request, session with { Client = ReadProfile(version, parameters).ToBytes() }, response);
        }
        else
        {
            await Reply.JsonAsync(request.Context, StatusCodes.Status200OK, exchange.Response!);
        }
    }

    private async Task OpenAsync(HandshakeRequest request, NewSession session, JsonRpcResponse response)
    {
        var creation = await store.CreateAsync(session, request.Context.RequestAborted);
        switch (creation.Status)
        {
            case SessionCreationStatus.Created:
                Log.SessionOpened(logger, SessionFingerprint.Of(session.Id), LogText.Of(request.Caller.Tenant), SessionEra.Handshake);
                request.Context.Response.Headers[McpHeaders.SessionId] = session.Id;
                await Reply.JsonAsync(request.Context, StatusCodes.Status200OK, response);
                break;
            case SessionCreationStatus.OwnerLimitReached:
                await RefuseAsync(request, response.Id, nameof(SessionOptions.MaxSessionsPerOwner), creation.Maximum);
                break;
            case SessionCreationStatus.TenantLimitReached:
                await RefuseAsync(request, response.Id, nameof(SessionOptions.MaxSessionsPerTenant), creation.Maximum);
                break;
            case SessionCreationStatus.ClientTooLarge:
                await RefuseProfileAsync(request, response.Id, session.Client.Length, creation.Maximum);
                break;
            case SessionCreationStatus.InstanceStopping:
                await Reply.StoppingAsync(request.Context, response.Id);
                break;
            default:
                throw new InvalidOperationException($"A session without state was refused: {creation.Status}.");
        }
    }

    private Task RefuseProfileAsync(HandshakeRequest request, RequestId id, int size, int maximum)
    {
        const string Limit = nameof(SessionOptions.MaxClientBytes);
        tally.AddTold(request.Caller, Limit);
        var error = JsonRpc.Error(
            id,
            (int)McpErrorCode.InvalidParams,
            string.Create(CultureInfo.InvariantCulture, $"clientInfo and capabilities take {size} bytes; {Limit} allows {maximum}. Send less, such as icons by address instead of by content."));
        error.Error.Data = new JsonObject { ["limit"] = Limit, ["maximum"] = maximum, ["size"] = size };
        return Reply.JsonAsync(request.Context, StatusCodes.Status400BadRequest, error);
    }

    /// <summary>Room comes back when a session ends or expires; asking each minute is often enough.</summary>
    private Task RefuseAsync(HandshakeRequest request, RequestId id, string limit, int maximum) => Reply.LimitReachedAsync(
        request.Context, tally, request.Caller, id, limit, maximum, TimeSpan.FromMinutes(1), "End a session that is no longer needed, or wait for one to expire.");

    /// <summary>Plain load tools send less than the specification asks for; the SDK would answer them with an internal error.</summary>
    private static JsonObject FillIn(JsonRpcRequest initialize)
    {
        var parameters = initialize.Params as JsonObject ?? [];
        parameters["protocolVersion"] ??= ProtocolVersions.Latest;
        parameters["capabilities"] ??= new JsonObject();
        parameters["clientInfo"] ??= new JsonObject { ["name"] = "unknown", ["version"] = "0" };
        initialize.Params = parameters;
        return parameters;
    }

    private static ClientProfile ReadProfile(string version, JsonObject parameters) => new(
        version,
        parameters["clientInfo"].Deserialize<Implementation>(McpJsonUtilities.DefaultOptions),
        parameters["capabilities"].Deserialize<ClientCapabilities>(McpJsonUtilities.DefaultOptions));
}
