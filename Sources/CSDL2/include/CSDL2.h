// SDL 2, loaded when it is asked for. Its types and constants are those of its own headers; its functions are called
// through a table, so that a run without a window loads none of its fifty libraries.
#ifndef OCHENTA_CSDL2_H
#define OCHENTA_CSDL2_H

#define SDL_MAIN_HANDLED 1
#include <SDL2/SDL.h>

/// The functions that are used, without their prefix. A name that is missing here cannot be called.
#define OCHENTA_SDL_FUNCTIONS(F)                                                                                       \
    F(SetMainReady)                                                                                                    \
    F(SetHint)                                                                                                         \
    F(Init)                                                                                                            \
    F(Quit)                                                                                                            \
    F(InitSubSystem)                                                                                                   \
    F(QuitSubSystem)                                                                                                   \
    F(OpenAudioDevice)                                                                                                 \
    F(PauseAudioDevice)                                                                                                \
    F(GetAudioDeviceStatus)                                                                                            \
    F(CloseAudioDevice)                                                                                                \
    F(GetError)                                                                                                        \
    F(GetCurrentVideoDriver)                                                                                           \
    F(GetWindowDisplayIndex)                                                                                           \
    F(GetCurrentDisplayMode)                                                                                           \
    F(GetDisplayUsableBounds)                                                                                          \
    F(CreateWindow)                                                                                                    \
    F(DestroyWindow)                                                                                                   \
    F(ShowWindow)                                                                                                      \
    F(SetWindowTitle)                                                                                                  \
    F(SetWindowMinimumSize)                                                                                            \
    F(GetWindowSize)                                                                                                   \
    F(SetWindowFullscreen)                                                                                             \
    F(CreateRenderer)                                                                                                  \
    F(DestroyRenderer)                                                                                                 \
    F(GetRendererOutputSize)                                                                                           \
    F(CreateTexture)                                                                                                   \
    F(DestroyTexture)                                                                                                  \
    F(UpdateTexture)                                                                                                   \
    F(SetTextureBlendMode)                                                                                             \
    F(SetRenderDrawColor)                                                                                              \
    F(RenderClear)                                                                                                     \
    F(RenderCopy)                                                                                                      \
    F(RenderPresent)                                                                                                   \
    F(WaitEventTimeout)                                                                                                \
    F(PollEvent)                                                                                                       \
    F(PushEvent)                                                                                                       \
    F(RegisterEvents)                                                                                                  \
    F(StopTextInput)                                                                                                   \
    F(IsGameController)                                                                                                \
    F(GameControllerOpen)                                                                                              \
    F(GameControllerClose)                                                                                             \
    F(GameControllerGetButton)                                                                                         \
    F(GameControllerGetJoystick)                                                                                       \
    F(JoystickOpen)                                                                                                    \
    F(JoystickClose)                                                                                                   \
    F(JoystickInstanceID)                                                                                              \
    F(JoystickName)                                                                                                    \
    F(JoystickNumAxes)                                                                                                 \
    F(SetRelativeMouseMode)                                                                                            \
    F(ShowCursor)                                                                                                      \
    F(GetClipboardText)                                                                                                \
    F(SetClipboardText)                                                                                                \
    F(free)

/// The functions, each with the type that SDL's header gives it.
struct ochenta_sdl {
#define OCHENTA_SDL_MEMBER(name) __typeof__(SDL_##name) *_Nonnull name;
    OCHENTA_SDL_FUNCTIONS(OCHENTA_SDL_MEMBER)
#undef OCHENTA_SDL_MEMBER
};

/// Loads SDL 2 and its functions. NULL if that fails; `*reason` is then why, a string that stays. Once loaded it stays;
/// to be called by one thread.
const struct ochenta_sdl *_Nullable ochenta_sdl_load(const char *_Nullable *_Nonnull reason);

#endif
