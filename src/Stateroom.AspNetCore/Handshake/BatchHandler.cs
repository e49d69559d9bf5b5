using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// Handles a batch, which revision 2025-03-26 asks servers to receive (Base Protocol, Batching) and later ones took away again.
/// The responses come together as one array; what a handler would say before its response has no place in it.
/// </summary>
internal sealed class BatchHandler(Dispatcher dispatcher)
{
    private const int MaxMessages = 100;

    public async Task HandleAsync(FoundSession found, IReadOnlyList<JsonRpcMessage> batch)
    {
        var context = found.Request.Context;
        if (FindObjection(found.Client.Profile, batch) is { } objection)
        {
            await Reply.BadRequestAsync(context, default, objection);
            return;
        }

        var exchanges = new List<Exchange>();
        var places = new SharedPlaces(found.Request.Admission.Keep());
        try
        {
            foreach (var message in batch)
            {
                switch (message)
                {
                    case JsonRpcRequest call:
                        var exchange = dispatcher.Begin(found, call, mayStream: false, places.Share());
                        exchanges.Add(exchange);
                        dispatcher.Run(found, exchange);
                        break;
                    case JsonRpcNotification notification:
                        await dispatcher.NotifyAsync(found, notification, places.Share);
                        break;
                    case JsonRpcMessageWithId answer:
                        await dispatcher.AnswerAsync(found.Claim.Key, answer, context.RequestAborted);
                        break;
                }
            }
        }
        finally
        {
            places.Release();
        }

        var outcomes = await Task.WhenAll(exchanges.Select(exchange => exchange.Outcome.AsTask()));

        // Not on the thread of whoever ended the last one.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (outcomes.Contains(ExchangeOutcome.Ended))
        {
            await Reply.SessionNotFoundAsync(context);
        }
        else if (exchanges.Select(exchange => exchange.Response).OfType<JsonRpcMessage>().ToArray() is { Length: > 0 } responses)
        {
            await Reply.BatchAsync(context, responses);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static string? FindObjection(ClientProfile client, IReadOnlyList<JsonRpcMessage> batch) =>
        client.ProtocolVersion != ProtocolVersions.WithBatches ? $"Revision {client.ProtocolVersion} has no batches. Send each message by itself."
        : batch.Count is 0 or > MaxMessages ? $"A batch has 1 to {MaxMessages} messages; this one has {batch.Count}."
        : batch.Any(message => message is JsonRpcRequest { Method: RequestMethods.Initialize }) ? "initialize is sent by itself, not in a batch."
        : null;

    /// <summary>What the batch holds until the last of those is done who share it, of whom its handler is the first.</summary>
    private sealed class SharedPlaces(IPlaces all) : IPlaces
    {
        private int _holders = 1;

        public SharedPlaces Share()
        {
            Interlocked.Increment(ref _holders);
            return this;
        }

        public void Release()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                all.Release();
            }
        }
    }
}
