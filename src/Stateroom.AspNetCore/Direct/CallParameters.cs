using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Direct;

/// <summary>The parameters of a call of a tool, from what was read already.</summary>
internal static class CallParameters
{
    /// <summary>Reads them.</summary>
    /// <param name="sent">As they were sent, all names distinct and plain ASCII.</param>
    /// <param name="isOfEra">Tells which of the protocol's own members of <c>_meta</c> have been seen to; none have if it is null.</param>
    /// <returns>Null if they are not plain: wrong, for the other era, or the second leg of a question.</returns>
    public static CallToolRequestParams? Read(JsonElement sent, Func<JsonProperty, bool>? isOfEra = null)
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
            else if (member.NameEquals("_meta"u8) && member.Value.ValueKind == JsonValueKind.Object && IsOrdinary(member.Value, isOfEra))
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

    private static bool IsOrdinary(JsonElement meta, Func<JsonProperty, bool>? isOfEra)
    {
        foreach (var member in meta.EnumerateObject())
        {
            if (IsReserved(JsonMarshal.GetRawUtf8PropertyName(member)) && isOfEra?.Invoke(member) != true)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsReserved(ReadOnlySpan<byte> name)
    {
        var prefix = "io.modelcontextprotocol/"u8;
        return name.Length >= prefix.Length && Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix);
    }
}
