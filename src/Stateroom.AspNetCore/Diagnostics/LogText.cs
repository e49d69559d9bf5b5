using System.Globalization;
using System.Text;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>What others choose as it stands in the log: a line break or a direction mark in a name could make the log say what it does not, and a message of an exception may repeat what a client sent.</summary>
internal static class LogText
{
    /// <summary>The tenant's name, with what cannot be seen written as <c>\u000A</c>.</summary>
    public static string Of(TenantId tenant) => Of(tenant.Value);

    /// <summary>The types of an exception and of those that it holds, and where in the code they were thrown; not their messages.</summary>
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        for (var e = exception; e is not null; e = e.InnerException)
        {
            text.AppendLine(e.GetType().FullName).AppendLine(e.StackTrace);
        }

        return text.ToString().TrimEnd();
    }

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
