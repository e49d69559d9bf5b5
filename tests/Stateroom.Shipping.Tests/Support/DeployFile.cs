using System.Text.Json.Nodes;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>A file of the folder <c>deploy</c> that the schema of what reads it has been checked against.</summary>
internal static class DeployFile
{
    public static string PathOf(string name) => Path.Combine(Repository.Root, "deploy", name);

    /// <summary>Checks a YAML file and reads it, with its anchors and merges resolved.</summary>
    /// <param name="kind">Which schema: <c>compose</c> or <c>kubernetes</c>.</param>
    /// <param name="path">The file.</param>
    public static async Task<JsonArray> ReadAsync(string kind, string path)
    {
        var json = await Command.RunAsync(Repository.Clients, Repository.Node22(), ["deploy-files.mjs", kind, path]);
        return JsonNode.Parse(json)!.AsArray();
    }
}
