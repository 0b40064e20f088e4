using System.Diagnostics;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

/// <summary>The full-size networks of ../shared/golden/architectures, which are packed with xz.</summary>
internal static class ArchitectureFiles
{
    public static OnnxGraph Load(string name)
    {
        string path = SharedData.Require("golden", "architectures", name + ".onnx.xz");
        Assert.SkipUnless(File.Exists("/usr/bin/xz"), "needs the tool xz");
        using Process xz = Process.Start(new ProcessStartInfo("/usr/bin/xz", ["-dkc", path]) { RedirectStandardOutput = true })!;
        OnnxGraph graph = OnnxGraph.Load(xz.StandardOutput.BaseStream);
        xz.WaitForExit();
        return graph;
    }
}
