using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Handshake.Direct;

/// <summary>The parameters of a call of a tool, from what was read already.</summary>
internal static class CallParameters
{
    private const string ReservedKeys = "io.modelcontextprotocol/";

    /// <summary>Reads them.</summary>
    /// <returns>Null if they are not plain: wrong, for the other era, or the second leg of a question.</returns>
    public static CallToolRequestParams? Read(JsonElement sent)
    {
        if (sent.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? name = null;
        Dictionary<string, JsonElement>? arguments = null;
        JsonObject? meta = null;
        foreach (var member in sent.EnumerateObject())
        {
            if (member.NameEquals("name"u8) && member.Value.ValueKind == JsonValueKind.String)
            {
                name = member.Value.GetString();
            }
            else if (member.NameEquals("arguments"u8) && member.Value.ValueKind == JsonValueKind.Object)
            {
                arguments = [];
                foreach (var argument in member.Value.EnumerateObject())
                {
                    arguments.Add(argument.Name, argument.Value);
                }
            }
            else if (member.NameEquals("_meta"u8) && member.Value.ValueKind == JsonValueKind.Object && !member.Value.EnumerateObject().Any(IsReserved))
            {
                meta = JsonObject.Create(member.Value, RequestReader.AnyCase);
            }
            else
            {
                return null;
            }
        }

        return name is null ? null : new() { Name = name, Arguments = arguments, Meta = meta };
    }

    private static bool IsReserved(JsonProperty member) => member.Name.StartsWith(ReservedKeys, StringComparison.OrdinalIgnoreCase);
}
