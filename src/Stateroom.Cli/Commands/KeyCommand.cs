using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom key</c>: keys, and what of them stands in the settings.</summary>
internal static class KeyCommand
{
    private const int Bytes = 32;

    public static Command Create() => new("key", "Makes API keys and their hashes. A server keeps the hash alone, so that its settings let nobody in.") { New(), Hash() };

    private static Command New()
    {
        var tenant = new Option<string>("--tenant") { Description = "The organisation that it lets in", DefaultValueFactory = _ => "TENANT" };
        var owner = new Option<string>("--owner") { Description = "The user within it", DefaultValueFactory = _ => "OWNER" };
        var number = new Option<int>("--number") { Description = "Its place in the list Stateroom:ApiKeys", DefaultValueFactory = _ => 0 }.AtLeast(0);
        var command = new Command("new", "Draws a new key and tells the settings that let it in.") { tenant, owner, number }.WithExamples(
            "stateroom key new",
            "stateroom key new --tenant acme --owner alice --number 2");
        command.Does((parsed, _) =>
        {
            var key = RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);
            var n = parsed.GetValue(number);
            Console.Error.WriteLine("The key, which is shown only now:");
            Console.Out.WriteLine(key);
            Console.Error.WriteLine("The settings that let it in:");
            Console.Error.WriteLine($"Stateroom__ApiKeys__{n}__KeyHash={HashOf(key)}");
            Console.Error.WriteLine($"Stateroom__ApiKeys__{n}__Tenant={parsed.GetValue(tenant)}");
            Console.Error.WriteLine($"Stateroom__ApiKeys__{n}__Owner={parsed.GetValue(owner)}");
            return Task.FromResult(ExitCode.Holds);
        });
        return command;
    }

    private static Command Hash()
    {
        var key = new Argument<string?>("key") { Description = "The key. Better leave it out and write it to the input: a command line is seen by others", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("hash", "Tells what to write as KeyHash.") { key }.WithExamples(
            "stateroom key hash < key.txt",
            "openssl rand -hex 32 | tee key.txt | stateroom key hash");
        command.Does(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(key) ?? await Console.In.ReadLineAsync(cancellationToken);
            if (string.IsNullOrWhiteSpace(text))
            {
                throw new UsageException("There is no key. Write it to the input: stateroom key hash < key.txt");
            }

            Console.Out.WriteLine(HashOf(text.Trim()));
            return ExitCode.Holds;
        });
        return command;
    }

    /// <summary>The SHA-256 of the key's UTF-8, in hexadecimal: what the setting <c>Stateroom:ApiKeys:n:KeyHash</c> holds.</summary>
    internal static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
