using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Training;

/// <summary>What a command line asks of train.</summary>
/// <param name="Data">The images; null if the configuration names them.</param>
/// <param name="Flags">The settings of the command line.</param>
/// <param name="ConfigFile">A file of settings; null for none.</param>
/// <param name="Resumes">True to go on with a run.</param>
/// <param name="ResumedRun">The run; null for the newest that was cut short.</param>
internal sealed record TrainRequest(string? Data, SettingValues Flags, string? ConfigFile, bool Resumes, string? ResumedRun);
