// Reads, checks, cuts, converts and writes ONNX graphs. Usage: OnnxGraphs [FILE] [FOLDER]; without a file it is this repository's
// pretrained network, without a folder the results go to "graphs".
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Surgery;
using OnnxGraphsSample;

string file = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "pretrained", "cifarnet_cifar10.onnx");
string folder = args.Length > 1 ? args[1] : "graphs";
try
{
    // Read and check.
    OnnxGraph graph = OnnxGraph.Load(file);
    Console.WriteLine(
        $"{Path.GetFileName(file)}: opset {graph.Opset}, {graph.Nodes.Count} nodes, {string.Join("; ", graph.Inputs)} -> "
            + $"{string.Join("; ", graph.Outputs)}"
    );
    Print("Problems", graph.Check());

    // What a check finds: here, of a graph whose last node was taken out and whose first reads something else.
    OnnxNode first = graph.Nodes[0];
    OnnxGraph broken = graph with
    {
        Nodes = [first with { Inputs = ["lost", .. first.Inputs.Skip(1)] }, .. graph.Nodes.Skip(1).SkipLast(1)],
    };
    Print("Problems of a broken copy", broken.Check());

    // Cut the last layer off: what it reads becomes the output.
    OnnxNode last = graph.Nodes.Last(n => n.Outputs.Contains(graph.Outputs[0].Name));
    OnnxGraph body = graph.Extract(graph.Inputs.Select(i => i.Name), [last.Inputs[0]]);
    Console.WriteLine($"Without {last.Describe()}: {body.Nodes.Count} nodes -> {string.Join("; ", body.Outputs)}");
    Directory.CreateDirectory(folder);
    body.Save(Path.Combine(folder, "body.onnx"));
    if (args.Length == 0)
        Console.WriteLine(body.Summary());

    // Convert an old graph to the newest opset.
    OnnxGraph old = OldGraph.Create(),
        converted = OpsetUpgrade.Apply(old);
    Console.WriteLine($"Opset {old.Opset}: {string.Join("; ", old.Nodes)}");
    Console.WriteLine($"Opset {converted.Opset}: {string.Join("; ", converted.Nodes)}");
    Print("Problems", converted.Check());
    converted.Save(Path.Combine(folder, "converted.onnx"));
    Console.WriteLine($"Wrote body.onnx and converted.onnx to {Path.GetFullPath(folder)}");
    return 0;
}
catch (Exception e) when (e is OnnxFormatException or ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Print(string title, IReadOnlyList<OnnxProblem> problems)
{
    Console.WriteLine($"{title}: {(problems.Count == 0 ? "none" : "")}");
    foreach (OnnxProblem problem in problems)
        Console.WriteLine($"  {problem}");
}
