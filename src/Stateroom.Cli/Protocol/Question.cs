using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>Something that a server asks its client in the middle of a call.</summary>
/// <param name="Id">What an answer refers to: the JSON-RPC id, or the sealed state of the stateless era.</param>
/// <param name="Key">The name of the question within the call; of the stateless era only.</param>
/// <param name="Parameters">What is asked.</param>
internal sealed record Question(JsonNode? Id, string? Key, JsonObject Parameters);

/// <summary>Answers the questions of a call: the content of the form, or null to decline.</summary>
internal delegate Task<JsonObject?> Answerer(Question question, CancellationToken cancellationToken);
