using System.Diagnostics;
using System.Globalization;

namespace MLNetExtensions.TensorFlow.Launching;

/// <summary>
/// A launched worker's side: it ends with its launcher, also where that was killed and could not end it. The launcher holds the other end
/// of the standard input, which the system closes when the launcher is gone.
/// </summary>
internal static class LauncherGuard
{
    /// <summary>The environment variable by which the launcher says that it is one, with the number of workers on this machine.</summary>
    public const string Variable = "MLNETX_LAUNCHED";

    private static readonly Lazy<int> Workers = new(Watch);

    /// <summary>
    /// The number of workers that share this machine: 1 where no launcher started this process. The first call begins the watch.
    /// </summary>
    public static int LocalWorkers => Workers.Value;

    private static int Watch()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int workers))
            return 1;
        // Processes that this one starts have another standard input.
        Environment.SetEnvironmentVariable(Variable, null);
        Stream input = Console.OpenStandardInput();
        new Thread(() =>
        {
            byte[] ignored = new byte[64];
            try
            {
                while (input.Read(ignored) > 0)
                {
                    // Nothing is ever sent.
                }
            }
            catch (IOException)
            {
                // As good as an end.
            }
            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
            Name = "Launcher's end",
        }.Start();
        return Math.Max(1, workers);
    }
}
