using System.CommandLine;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Backbones;

/// <summary>The verb backbones: list, show, get, verify, add.</summary>
internal static class BackbonesCommand
{
    public static Command Create(Terminal terminal) =>
        new("backbones", "Lists, fetches, verifies and adds pretrained networks.")
        {
            List(terminal),
            Show(terminal),
            Get(terminal),
            Verify(terminal),
            Add(terminal),
        };

    private static Command List(Terminal terminal)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Lists the pretrained networks: those at hand first, then those that can be fetched.")
        {
            json,
            CommonOptions.Verbose(),
        };
        command.SetAction(parsed => BackboneJob.List(parsed.GetValue(json), terminal));
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "A name of the list, or an ONNX file." };
        var command = new Command("show", "Shows what is known of one.") { name, CommonOptions.Verbose() };
        command.SetAction(parsed => BackboneJob.Show(parsed.GetValue(name)!, terminal));
        return command;
    }

    private static Command Get(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "A name of the list." };
        var mirror = new Option<string>("--mirror")
        {
            Description = "The address of a folder that has the file, instead of the catalog's addresses.",
            HelpName = "url",
        };
        var command = new Command("get", "Fetches one, checks its SHA-256, and keeps it. A download that was cut short goes on.")
        {
            name,
            mirror,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) => BackboneJob.GetAsync(parsed.GetValue(name)!, parsed.GetValue(mirror), terminal, cancellation)
        );
        return command;
    }

    private static Command Verify(Terminal terminal)
    {
        var name = new Argument<string?>("name") { Description = "A name. [default: all at hand]", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify", "Compares the files at hand with the catalog.") { name, CommonOptions.Verbose() };
        command.SetAction(parsed => BackboneJob.Verify(parsed.GetValue(name), terminal));
        return command;
    }

    private static Command Add(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "An ONNX file." };
        var name = new Option<string>("--name") { Description = "The name to call it by. [default: the file's]", HelpName = "text" };
        var license = new Option<string>("--license") { Description = "The license of its weights. [default: unknown]", HelpName = "text" };
        var like = new Option<string>("--like")
        {
            Description = "A network of the list with the same preprocessing. [default: what the file itself says]",
            HelpName = "name",
        };
        var command = new Command("add", "Copies an ONNX file to those at hand, if it can be trained from.")
        {
            file,
            name,
            license,
            like,
            CommonOptions.Verbose(),
        };
        command.SetAction(parsed =>
            BackboneJob.Add(parsed.GetValue(file)!, parsed.GetValue(name), parsed.GetValue(license), parsed.GetValue(like), terminal)
        );
        return command;
    }
}
