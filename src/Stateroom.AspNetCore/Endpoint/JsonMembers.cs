using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>Names of members as the SDK reads them: in whatever case.</summary>
internal static class JsonMembers
{
    /// <summary>How many members an object has at the most that is looked at here.</summary>
    private const int Few = 32;

    /// <summary>
    /// Whether all names, at every depth, are plain ASCII and differ within their object, whatever their case: of two that do not, the SDK would believe one and a balancer or
    /// a handler perhaps the other.
    /// </summary>
    /// <returns>False also where that takes too long to tell.</returns>
    public static bool HaveDistinctNames(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var index = 0;
                foreach (var member in value.EnumerateObject())
                {
                    if (index == Few || !IsFirst(value, JsonMarshal.GetRawUtf8PropertyName(member), index++) || !HaveDistinctNames(member.Value))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (!HaveDistinctNames(item))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    /// <summary>Finds a member by its name, in whatever case.</summary>
    /// <param name="value">An object with distinct names.</param>
    /// <param name="name">The name.</param>
    /// <param name="found">The value; undefined if there is none.</param>
    public static bool TryFind(JsonElement value, ReadOnlySpan<byte> name, out JsonElement found)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (Ascii.EqualsIgnoreCase(JsonMarshal.GetRawUtf8PropertyName(member), name))
            {
                found = member.Value;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static bool IsFirst(JsonElement value, ReadOnlySpan<byte> name, int index)
    {
        if (name.ContainsAnyExceptInRange((byte)' ', (byte)'~') || name.Contains((byte)'\\'))
        {
            return false;
        }

        foreach (var other in value.EnumerateObject())
        {
            if (index-- == 0)
            {
                break;
            }

            if (Ascii.EqualsIgnoreCase(JsonMarshal.GetRawUtf8PropertyName(other), name))
            {
                return false;
            }
        }

        return true;
    }
}
