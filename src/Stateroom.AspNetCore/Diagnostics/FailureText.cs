using System.Text;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>What may stand in a log of a failure: a message of an exception may repeat what a client sent, or hold a line break that makes the log say what it does not.</summary>
public static class FailureText
{
    /// <summary>The types of an exception and of those that it holds, and where in the code they were thrown; not their messages.</summary>
    /// <param name="exception">The exception.</param>
    public static string Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var text = new StringBuilder();
        for (var e = exception; e is not null; e = e.InnerException)
        {
            text.AppendLine(e.GetType().FullName).AppendLine(e.StackTrace);
        }

        return text.ToString().TrimEnd();
    }
}
