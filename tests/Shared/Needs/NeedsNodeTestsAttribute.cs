namespace MLNetExtensions.TestData.Needs;

/// <summary>ONNX's official tests of its operators.</summary>
internal sealed class NeedsNodeTestsAttribute : NeedsAttribute
{
    /// <summary>The archive of the tests.</summary>
    public static string Archive => SharedData.PathOf("onnx-node-tests-1.19.0.tar.gz");

    public override string What => "ONNX's node tests: ../shared/onnx-node-tests-1.19.0.tar.gz";

    public override bool IsThere => File.Exists(Archive);
}
