import Automation
import Machine

extension PersonalComputer: GuestMachine {}
