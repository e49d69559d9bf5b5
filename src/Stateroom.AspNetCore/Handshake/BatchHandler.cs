using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

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
        var release = found.Request.Admission.Keep();
        var running = 1;
        try
        {
            foreach (var message in batch)
            {
                switch (message)
                {
                    case JsonRpcRequest call:
                        Interlocked.Increment(ref running);
                        var exchange = dispatcher.Begin(found, call, mayStream: false, CallOver);
                        exchanges.Add(exchange);
                        dispatcher.Run(found, exchange);
                        break;
                    case JsonRpcNotification notification:
                        await dispatcher.NotifyAsync(found, notification, Keep);
                        break;
                    case JsonRpcMessageWithId answer:
                        await dispatcher.AnswerAsync(found.Claim.Key, answer, context.RequestAborted);
                        break;
                }
            }
        }
        finally
        {
            CallOver();
        }

        var outcomes = await Task.WhenAll(exchanges.Select(exchange => exchange.Outcome));

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

        Action Keep()
        {
            Interlocked.Increment(ref running);
            return CallOver;
        }

        void CallOver()
        {
            if (Interlocked.Decrement(ref running) == 0)
            {
                release();
            }
        }
    }

    private static string? FindObjection(ClientProfile client, IReadOnlyList<JsonRpcMessage> batch) =>
        client.ProtocolVersion != ProtocolVersions.WithBatches ? $"Revision {client.ProtocolVersion} has no batches. Send each message by itself."
        : batch.Count is 0 or > MaxMessages ? $"A batch has 1 to {MaxMessages} messages; this one has {batch.Count}."
        : batch.Any(message => message is JsonRpcRequest { Method: RequestMethods.Initialize }) ? "initialize is sent by itself, not in a batch."
        : null;
}
