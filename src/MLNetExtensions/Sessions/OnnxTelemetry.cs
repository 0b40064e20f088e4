namespace MLNetExtensions.Sessions;

/// <summary>
/// The telemetry of ONNX Runtime, which since 1.31 keeps an identifier of the device and a store of events in the user's cache folder, and
/// sends them. It is turned off, unless the user's environment has the variable that says so.
/// </summary>
internal static class OnnxTelemetry
{
    /// <summary>The variable that ONNX Runtime reads when its library is first used: 1 turns telemetry off, 0 leaves it on.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Turns it off. It must run before ONNX Runtime's library is used; later calls do nothing.</summary>
    public static void TurnOff() => NativeEnvironment.SetDefault(Variable, "1");
}
