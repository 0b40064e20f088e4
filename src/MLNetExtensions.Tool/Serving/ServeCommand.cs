using System.CommandLine;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Serving;

/// <summary>The verb serve.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string> model = CommonOptions.Model(),
            runs = CommonOptions.Runs();
        var port = CommonOptions.Number("--port", "The port; 0 for any that is free.", 5000, 0, 65535);
        var host = new Option<string>("--host")
        {
            Description = "The address to listen on; 0.0.0.0 for all networks. [default: localhost]",
            HelpName = "address",
        };
        Option<int?> threads = CommonOptions.Threads();
        var top = CommonOptions.Number("--top-k", "The number of classes to answer with.", 5, 1, 1000);
        var command = new Command(
            "serve",
            "Serves a model: POST an image to /predict; GET /health. The model is replaced when its file changes."
        )
        {
            model,
            port,
            host,
            top,
            threads,
            runs,
            CommonOptions.Verbose(),
        };
        command.SetAction(
            (parsed, cancellation) =>
                Server.RunAsync(
                    new ServeRequest(
                        ModelFiles.Find(parsed.GetValue(model), parsed.GetValue(runs)).ForClasses("serve").File,
                        parsed.GetValue(host) ?? "localhost",
                        parsed.GetValue(port) ?? 5000,
                        parsed.GetValue(top) ?? 5,
                        parsed.GetValue(threads)
                    ),
                    terminal,
                    cancellation
                )
        );
        return command;
    }
}
