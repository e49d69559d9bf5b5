using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Questions that travel through their client: what one instance seals another opens.</summary>
internal static class SealedQuestions
{
    private const string Key = "acme/sealed";

    /// <summary>Has each instance seal a question and each open the answer; soon, as instances learn of each other's keys at their heartbeats.</summary>
    public static async Task TravelAsync(Cluster cluster, CancellationToken cancellationToken)
    {
        foreach (var sealing in cluster.Instances)
        {
            using var asker = Cluster.Client(sealing, key: Key);
            var asked = await asker.CallToolAsync("ask_by_ending", []);
            Assert.Equal("input_required", (string?)asked["resultType"]);
            var retry = new JsonObject
            {
                ["requestState"] = asked["requestState"]!.DeepClone(),
                ["inputResponses"] = new JsonObject { ["name"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["name"] = "Ada" } } },
            };

            // The tool counts ten before it asks and one for each answer: what is refused does nothing.
            var count = 10;
            foreach (var opening in cluster.Instances)
            {
                count++;
                using var other = Cluster.Client(opening, key: Key);
                await Eventually.HoldsAsync(
                    async () => await other.TryCallToolAsync("ask_by_ending", [], retry) is { } answered && (string?)answered["content"]![0]!["text"] == $"Ada {count}",
                    $"What {sealing.Port} sealed stays closed to {opening.Port}.",
                    cancellationToken);
            }
        }
    }
}
