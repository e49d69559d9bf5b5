using System.Globalization;
using System.Text;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>What others choose as it stands in the log: a line break or a direction mark in a name could make the log say what it does not.</summary>
internal static class LogText
{
    /// <summary>The tenant's name, with what cannot be seen written as <c>\u000A</c>.</summary>
    public static string Of(TenantId tenant) => Of(tenant.Value);

    private static string Of(string name)
    {
        if (!name.Any(IsHidden))
        {
            return name;
        }

        var text = new StringBuilder();
        foreach (var c in name)
        {
            _ = IsHidden(c) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : text.Append(c);
        }

        return text.ToString();
    }

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
