using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>What can be wrong with a body.</summary>
internal static class BodyMutations
{
    private const string Placeholder = "@here@";

    private static readonly string[] _members = ["jsonrpc", "id", "method", "params", "result", "error", "_meta", "name", "arguments", "uri", "protocolVersion"];

    public static void Apply(RawRequest request, Random random)
    {
        var body = request.Body;
        request.Body = random.Next(14) switch
        {
            0 => body[..random.Next(body.Length + 1)],
            1 => Flip(body, random),
            2 => Insert(body, Oddities.Bytes(random), random),
            3 or 4 or 5 => Replace(body, random),
            6 => Duplicate(body, random),
            7 => Text(body, text => text.Replace("\"id\":1", $"\"id\":{Oddities.Json(random)}", StringComparison.Ordinal)),
            8 => Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Encoding.UTF8.GetString(body), random.Next(0, 150)))}]"),
            9 => Encoding.UTF8.GetBytes(Oddities.Json(random)),
            10 => [.. body, .. body],
            11 => Encoding.UTF8.GetBytes(Message(random)),
            12 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
            _ => Text(body, text => text.Replace("2.0", random.Next(2) == 0 ? "1.0" : "", StringComparison.Ordinal)),
        };
    }

    private static byte[] Text(byte[] body, Func<string, string> change) => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(body)));

    private static byte[] Flip(byte[] body, Random random)
    {
        var flipped = body.ToArray();
        for (var i = random.Next(1, 5); i > 0 && flipped.Length > 0; i--)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    private static byte[] Insert(byte[] body, byte[] bytes, Random random)
    {
        var place = random.Next(body.Length + 1);
        return [.. body[..place], .. bytes, .. body[place..]];
    }

    /// <summary>Puts an odd value in the place of any value of the message.</summary>
    private static byte[] Replace(byte[] body, Random random)
    {
        try
        {
            var message = JsonNode.Parse(body);
            var places = new List<(JsonObject Parent, string Name)>();
            Collect(message, places);
            if (places.Count == 0)
            {
                return body;
            }

            var (parent, name) = places[random.Next(places.Count)];
            parent[name] = Placeholder;
            return Encoding.UTF8.GetBytes(message!.ToJsonString().Replace($"\"{Placeholder}\"", Oddities.Json(random), StringComparison.Ordinal));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // An earlier mutation has left no JSON, two members of one name, or text that is no Unicode.
            return body;
        }
    }

    private static void Collect(JsonNode? node, List<(JsonObject, string)> places)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                places.Add((members, name));
                Collect(value, places);
            }
        }
    }

    private static byte[] Duplicate(byte[] body, Random random)
    {
        var name = _members[random.Next(_members.Length)];
        return Text(body, text => text.Replace($"\"{name}\":", $"\"{name}\":{Oddities.Json(random)},\"{name}\":", StringComparison.Ordinal));
    }

    /// <summary>A message that looks like one from afar.</summary>
    private static string Message(Random random)
    {
        string[] methods = ["initialize", "tools/call", "ping", "notifications/cancelled", "resources/subscribe", "completion/complete", "nonsense", "", "tools/\u0000"];
        var parts = new List<string> { "\"jsonrpc\":\"2.0\"" };
        foreach (var name in _members.Skip(1).Where(_ => random.Next(3) == 0))
        {
            parts.Add($"\"{name}\":{(name == "method" && random.Next(3) > 0 ? $"\"{methods[random.Next(methods.Length)]}\"" : Oddities.Json(random))}");
        }

        return $"{{{string.Join(',', parts)}}}";
    }
}
